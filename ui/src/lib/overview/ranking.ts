/** Who is on top of a list of people. */
import type { PersonFigures } from "../api/types";

/** So many are named. */
const SHOWN = 5;

/** Those with most of something, the most first; nobody with none of it. */
export function leaders(people: readonly PersonFigures[], part: "answered" | "made" | "missed"): PersonFigures[] {
  return people
    .filter((person) => person[part] > 0)
    .toSorted((a, b) => b[part] - a[part] || (a.user < b.user ? -1 : 1))
    .slice(0, SHOWN);
}
