import { dayHeading, midnight } from "../format/time";

/** One line of a list: a row, or the heading of the day whose rows follow. */
export type Item<Row> = { key: string; heading: string } | { key: string; row: Row; index: number };

/** Rows with a heading before the first of each of the viewer's days. */
export function withDays<Row>(rows: readonly Row[], at: (row: Row) => number, key: (row: Row) => string, nowMs: number): Item<Row>[] {
  const items: Item<Row>[] = [];
  let day = Number.NaN;
  for (const [index, row] of rows.entries()) {
    const its = midnight(at(row));
    if (its !== day) {
      day = its;
      // A list that is not strictly by day may come back to one; the position keeps the keys apart.
      items.push({ key: `day ${its} ${items.length}`, heading: dayHeading(its, nowMs) });
    }
    items.push({ key: key(row), row, index });
  }
  return items;
}
