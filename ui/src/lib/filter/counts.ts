import type { Facets } from "../api/types";

/** How many rows a code would give; undefined while that is not known. */
export type Counts = (code: string) => number | undefined;

/** What the counted choices of one field say; a choice that they do not name gives nothing. */
export function countsOf(facets: Facets | undefined, field: keyof Facets): Counts | undefined {
  return facets && ((code) => facets[field].find((choice) => choice.code === code)?.rows ?? 0);
}
