/** How many rows are asked for at once. A page begins at a multiple of this. */
export const PAGE = 100;
/** So many pages are kept, and those that are seen; those furthest from them go first. */
const MOST_PAGES = 24;

interface Page<Row> {
  /** The place of its first row in the list. */
  at: number;
  rows: readonly Row[];
  keys: readonly string[];
  /** False once the record has changed since it was read. */
  fresh: boolean;
  /** Nothing comes after it. */
  last: boolean;
}

/** The rows that were read of a list, a bounded number of them, each with its place. It is never changed; a new one is made. */
export class Held<Row> {
  /** Fresh ones first, because they are right where both tell of a place. */
  #pages: readonly Page<Row>[];

  constructor(pages: readonly Page<Row>[] = []) {
    this.#pages = pages;
  }

  /** The row at this place, if it was read. Until a page is read again its rows are those that were there. */
  row(index: number): Row | undefined {
    for (const page of this.#pages) {
      const row = page.rows[index - page.at];
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** The key of the row at this place, if it was read. */
  key(index: number): string | undefined {
    for (const page of this.#pages) {
      const key = page.keys[index - page.at];
      if (key !== undefined) return key;
    }
    return undefined;
  }

  /** Where the row of this key stands, as far as is known. */
  find(key: string): number | undefined {
    for (const page of this.#pages) {
      const at = page.keys.indexOf(key);
      if (at >= 0) return page.at + at;
    }
    return undefined;
  }

  /** True when the page that begins here was read since the record changed. */
  has(at: number): boolean {
    return this.#pages.some((page) => page.fresh && page.at === at);
  }

  /** The newest rows, if they were read since the record changed. */
  head(): { rows: readonly Row[]; last: boolean } | undefined {
    return this.#pages.find((page) => page.fresh && page.at === 0);
  }

  /** With a page that was just read, and without those that are far from the rows that are seen. */
  with(at: number, rows: readonly Row[], key: (row: Row) => string, last: boolean, seen: { first: number; last: number }): Held<Row> {
    const kept = this.#pages.filter((page) => !(page.fresh && page.at === at));
    const away = (page: Page<Row>) => Math.max(0, page.at - seen.last, seen.first - page.at - PAGE);
    const pages = [{ at, rows, keys: rows.map(key), fresh: true, last }, ...kept];
    const nearest = [...pages].sort((a, b) => away(a) - away(b)).slice(0, MOST_PAGES);
    return new Held(pages.filter((page) => away(page) === 0 || nearest.includes(page)));
  }

  /** The record changed: what is here is shown until it was read again. What has waited for that and has a newer page beside it goes. */
  aged(): Held<Row> {
    const fresh = this.#pages.filter((page) => page.fresh);
    const kept = this.#pages.filter((page) => page.fresh || !fresh.some((one) => Math.abs(one.at - page.at) < PAGE));
    return new Held(kept.map((page) => ({ ...page, fresh: false })));
  }

  /** Rows came in: pages that were read before are moved to where their rows must be now. */
  moved(by: (row: number) => number): Held<Row> {
    return new Held(this.#pages.map((page) => (page.fresh ? page : { ...page, at: Math.max(0, page.at + by(page.at)) })));
  }

  /** How many rows are kept. */
  get size(): number {
    return this.#pages.reduce((rows, page) => rows + page.rows.length, 0);
  }
}
