import type { ReadAs, Rereading, Review } from "../api/types";
import { text } from "../text";
import { say } from "../text/said";

/** Why a delivery is read like this; empty where there is nothing to say. */
export const why = ({ reason }: ReadAs): string => (reason ? say(text.reasons, reason) : "");

/** True when verdict and reason stay, and only what the delivery tells of is another. */
export function looksTheSame({ before, after }: Rereading): boolean {
  return before.verdict === after.verdict && why(before) === why(after);
}

/** What would change, in numbers; what stays is left out. */
export function changed(review: Review): string[] {
  const kinds = ["deliveries", "calls", "rooms", "stays"] as const;
  return kinds.filter((kind) => review[kind] > 0).map((kind) => text.review.counts[kind](review[kind]));
}
