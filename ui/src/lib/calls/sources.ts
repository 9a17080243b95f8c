import type { CallDetailRow, StepRow } from "../api/types";
import { commandWords } from "../deliveries/command";
import { writeHash } from "../route.svelte";
import { text, word } from "../text";
import { tellersOf } from "./tellers";

type Sources = CallDetailRow["sources"];

/** How a source is named: beside a field, behind it in a sentence, and as who says something. */
export interface SourceWords {
  mark: string;
  from: string;
  says: string;
}

/** Where a line of a detail came from. */
export interface Teller {
  mark: string;
  from: string;
  /** To the delivery, or to those among which it is. */
  href: string;
}

/** A source that a newer Calltrail names is shown as it is. */
export function sourceWords(code: string, field = ""): SourceWords {
  // Of what the v2 callbacks tell before the end, only the answer is known from member changes; the rest is from the start.
  const known = code === "v2" && field === "answered" ? "members" : code;
  return Object.hasOwn(text.calls.sources, known) ? text.calls.sources[known as keyof typeof text.calls.sources] : { mark: code, from: code, says: code };
}

/** Where a field of a call came from; nothing where that was not told. */
export function sourceOf(sources: Sources, field: string): SourceWords | undefined {
  const code = sources[field];
  return typeof code === "string" ? sourceWords(code, field) : undefined;
}

/** The same with the way to the delivery that said it. */
export function tellerOf(detail: CallDetailRow, field: string): Teller | undefined {
  const source = sourceOf(detail.sources, field);
  return source && { mark: source.mark, from: source.from, href: deliveriesHref(tellersOf(detail, field), detail.call.call_id) };
}

/** A step has a delivery of its own. */
export function stepTeller(step: StepRow): Teller {
  return { mark: commandWords(step), from: word(text.families, step.family), href: deliveryHref(step.delivery) };
}

export const deliveryHref = (digest: string) => writeHash("deliveries", new URLSearchParams({ open: digest }));

/** To the one delivery; to all of a call or a room where it is not known which of them it was. */
export function deliveriesHref(digests: readonly string[], about: string): string {
  const [only] = digests.length === 1 ? digests : [];
  return only === undefined ? writeHash("deliveries", new URLSearchParams({ q: about })) : deliveryHref(only);
}
