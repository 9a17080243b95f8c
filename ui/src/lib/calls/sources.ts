import type { CallDetailRow } from "../api/types";
import { text } from "../text";

type Sources = CallDetailRow["sources"];

/** How a source is named: beside a field, behind it in a sentence, and as who says something. */
export interface SourceWords {
  mark: string;
  from: string;
  says: string;
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
