/** The columns of a list, described once: what each shows, how wide it is, and which of them leave when the list is narrow. */
import type { Snippet } from "svelte";

export interface Column<Row> {
  /** Its name among the columns of its list; what a person chose is remembered by it. */
  key: string;
  title: string;
  /** In pixels, at least; a column is never narrower than its title and its words. */
  width: number;
  /** Which part of the width that is left over it takes; without one it takes none. */
  share?: number;
  /** The column with the highest number leaves first when the list is too narrow; one without a number never does. */
  leaves?: number;
  /** What a row is about: it cannot be hidden. */
  about?: true;
  /** The list is sorted by it. The API knows one order for each list, so nothing else can be chosen. */
  sorted?: "ascending" | "descending";
  align?: "end";
  /** Further classes of its cells. */
  look?: string;
  /** What may stand in it, for which it must be wide enough: as chips, and as words. */
  chips?: readonly string[];
  words?: readonly string[];
  /** Pixels beside each of those words, such as for an icon. */
  beside?: number;
  /** A row's cell; what was looked for is marked in it. */
  cell: Snippet<[row: Row, sought: readonly string[]]>;
}

/** A column as it stands in a list. */
export interface Sized {
  key: string;
  /** What its words need, or less where a person made it narrower. */
  width: number;
  /** What a person made it: it is so wide where there is room, and no other column leaves for that. */
  wish?: number;
  /** Only where no person gave it a width. */
  share?: number;
  leaves?: number;
  about?: true;
  /** A person asked for it: it stays longer than those that nobody asked for. */
  asked?: boolean;
}

/** Between two columns, and at the ends of a row: --gap-3 and --gap-4. The button for the columns stands above the right end. */
const GAP = 12;
const LEFT = 16;
export const RIGHT = 36;
/** The ends of a chip. */
const CHIP = 16;
/** No person makes a column narrower. */
export const LEAST = 40;

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

/** How much room columns need. */
function whole(columns: readonly Sized[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + GAP * (columns.length - 1) + LEFT + RIGHT;
}

/** True where the first column leaves before the second. */
function isSooner(one: Sized, other: Sized | undefined): boolean {
  if (one.leaves === undefined) return false;
  if (other?.leaves === undefined) return true;
  const [asked, otherAsked] = [one.asked ?? false, other.asked ?? false];
  return asked === otherAsked ? one.leaves > other.leaves : otherAsked;
}

/** Those columns for which there is room, in their order. */
export function fitting<Kind extends Sized>(columns: readonly Kind[], available: number): Kind[] {
  const kept = [...columns];
  while (whole(kept) > available) {
    const first = kept.reduce<Kind | undefined>((first, column) => (isSooner(column, first) ? column : first), undefined);
    if (first === undefined) break;
    kept.splice(kept.indexOf(first), 1);
  }
  return kept;
}

/** The columns as wide as a person made them, those on the left first, as far as there is room. */
export function granted<Kind extends Sized>(columns: readonly Kind[], available: number): Kind[] {
  let left = Math.max(0, available - whole(columns));
  return columns.map((column) => {
    const more = Math.min(left, Math.max(0, (column.wish ?? 0) - column.width));
    left -= more;
    return { ...column, width: column.width + more };
  });
}

/** How wide a column of those that are shown can be made without making another one leave. */
export function most(shown: readonly Sized[], key: string, available: number): number {
  const own = shown.find((column) => column.key === key)?.width ?? 0;
  return Math.max(own, available - whole(shown) + own);
}

/**
 * What is sized by the border behind a column, such that the border follows the pointer: the column before it, where one behind
 * it gives way, and those before it keep the widths they have; else the column behind it, whose other end stands still.
 */
export function borderOf(shown: readonly Sized[], at: number): { key: string; grows: 1 | -1; keep: string[] } | undefined {
  const isFlexible = ({ share }: Sized) => share !== undefined;
  const [before, behind] = [shown.slice(0, at + 1), shown.slice(at + 1)];
  const flexible = before.filter(isFlexible).map(({ key }) => key);
  const [last, next] = [before.at(-1), behind[0]];
  if (last === undefined) return undefined;
  if (behind.some(isFlexible) || flexible.length === 0) return { key: last.key, grows: 1, keep: flexible.filter((key) => key !== last.key) };
  return next && { key: next.key, grows: -1, keep: [] };
}

/** What a row is about keeps so much where even the columns that never leave have too little room. */
const LAST = 120;

/** For `grid-template-columns`: columns that share, and what a row is about, give way last. */
export function template(columns: readonly Sized[]): string {
  return columns
    .map(
      ({ width, share, about }) =>
        `minmax(${share !== undefined || about ? Math.min(width, LAST) : 0}px, ${share === undefined ? `${width}px` : `${share}fr`})`,
    )
    .join(" ");
}
