import type { Rereading, Review } from "../api/types";
import { text, word } from "../text";

/** How a delivery is read: the verdict's code, and the reason where there is one. */
export interface Reading {
  verdict: string;
  words: string;
  reason: string;
}

/** Reads `unparsable: The body is not JSON.`; what is empty was not read at all. */
export function reading(told: string): Reading {
  if (told === "") return { verdict: "", words: text.review.unread, reason: "" };
  const at = told.indexOf(": ");
  const verdict = at < 0 ? told : told.slice(0, at);
  return { verdict, words: word(text.verdicts, verdict), reason: at < 0 ? "" : told.slice(at + 2) };
}

/** True when verdict and reason stay, and only what the delivery tells of is another. */
export function looksTheSame(rereading: Rereading): boolean {
  return rereading.before === rereading.after;
}

/** What would change, in numbers; what stays is left out. */
export function changed(review: Review): string[] {
  const kinds = ["deliveries", "calls", "rooms", "stays"] as const;
  return kinds.filter((kind) => review[kind] > 0).map((kind) => text.review.counts[kind](review[kind]));
}
