/** The columns of a list, described once: what each shows, how wide it is, and which of them leave when the list is narrow. */
import type { Snippet } from "svelte";

export interface Column<Row> {
  /** Its name among the columns of its list. */
  key: string;
  title: string;
  /** In pixels, at least; a column is never narrower than its title and its words. */
  width: number;
  /** Which part of the width that is left over it takes; without one it takes none. */
  share?: number;
  /** The column with the highest number leaves first when the list is too narrow; one without a number never does. */
  leaves?: number;
  align?: "end";
  /** Further classes of its cells. */
  look?: string;
  /** What may stand in it, for which it must be wide enough: as chips, and as words. */
  chips?: readonly string[];
  words?: readonly string[];
  /** Pixels beside each of those words, such as for an icon. */
  beside?: number;
  cell: Snippet<[Row]>;
}

/** Between two columns, and at either end of a row: --gap-3 and --gap-4. */
const GAP = 12;
const ENDS = 16;
/** The ends of a chip. */
const CHIP = 16;

/** How wide a text is in the font of the titles, which is that of chips too, and in that of the cells. */
export interface Measures {
  title: (words: string) => number;
  cell: (words: string) => number;
}

/** The width that a column needs for its own words. */
export function needed(column: Pick<Column<never>, "width" | "title" | "chips" | "words" | "beside">, measure: Measures): number {
  const chips = (column.chips ?? []).map((one) => measure.title(one) + CHIP);
  const words = (column.words ?? []).map((one) => measure.cell(one) + (column.beside ?? 0));
  // A fraction of a pixel is enough to cut a text off.
  return Math.max(column.width, ...[measure.title(column.title), ...chips, ...words].map((one) => Math.ceil(one) + 1));
}

/** Those columns for which there is room, in their order. */
export function fitting<Kind extends { width: number; leaves?: number }>(columns: readonly Kind[], available: number): Kind[] {
  const kept = [...columns];
  const wanted = () => kept.reduce((sum, { width }) => sum + width, 0) + GAP * (kept.length - 1) + 2 * ENDS;
  while (wanted() > available) {
    const first = kept.reduce<Kind | undefined>((first, column) => ((column.leaves ?? 0) > (first?.leaves ?? 0) ? column : first), undefined);
    if (first === undefined) break;
    kept.splice(kept.indexOf(first), 1);
  }
  return kept;
}

/** What a row is about keeps so much where even the columns that never leave have too little room. */
const LAST = 120;

/** For `grid-template-columns`: columns that share give way last. */
export function template(columns: readonly { width: number; share?: number }[]): string {
  return columns.map(({ width, share }) => (share === undefined ? `minmax(0, ${width}px)` : `minmax(${Math.min(width, LAST)}px, ${share}fr)`)).join(" ");
}
