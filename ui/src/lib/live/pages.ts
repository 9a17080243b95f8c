/** A page that was read: its rows are those after `cursor` and before the first row of the next page that was read. */
export interface ReadPage<Row> {
  /** Where it begins; nothing for the newest rows. */
  cursor: string | undefined;
  rows: Row[];
  /** Where the next one begins; null at the end of the list. */
  next: string | null;
}

/**
 * Puts a freshly read page in the place of the `index`-th.
 * The pages after it are kept where the fresh rows reach the first row of the next page; the fresh rows are cut there, so that
 * no row is listed twice. Where they do not reach it, rows lie between that nobody has read, and the pages after it are dropped.
 */
export function replacePage<Row>(
  pages: readonly ReadPage<Row>[],
  index: number,
  fresh: ReadPage<Row>,
  key: (row: Row) => string,
): ReadPage<Row>[] {
  const before = pages.slice(0, index);
  const following = pages[index + 1];
  const firstOfNext = following?.rows[0];
  if (following === undefined || firstOfNext === undefined || following.cursor === undefined) return [...before, fresh];
  const cut = fresh.rows.findIndex((row) => key(row) === key(firstOfNext));
  if (cut >= 0) {
    const kept = { ...fresh, rows: fresh.rows.slice(0, cut), next: following.cursor };
    return [...before, kept, ...pages.slice(index + 1)];
  }
  // The page ends exactly where the next one begins.
  if (fresh.next === following.cursor) return [...before, fresh, ...pages.slice(index + 1)];
  return [...before, fresh];
}

/** Which page holds the `row`-th row; the last one where there are fewer. */
export function pageOfRow<Row>(pages: readonly ReadPage<Row>[], row: number): number {
  let seen = 0;
  for (const [index, page] of pages.entries()) {
    seen += page.rows.length;
    if (row < seen) return index;
  }
  return Math.max(0, pages.length - 1);
}
