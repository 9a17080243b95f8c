import { isoDate } from "../format/day";

/** The day of rows that have no moment: the first that there is, so they come last. */
export const NO_DAY = isoDate(0);

/** A local day and how many rows of a list it has. */
export interface Day {
  /** Such as `2026-11-20`. */
  day: string;
  rows: number;
}

/**
 * Where every row of a list stands before any of them was read: each day is a line with its name and a line for each of its rows.
 * Lines and rows are counted from 0, the newest.
 */
export class Layout {
  readonly days: readonly Day[];
  readonly rows: number;
  readonly lines: number;
  /** The first row of each day. */
  #starts: number[] = [];

  constructor(days: readonly Day[]) {
    this.days = days.filter((one) => one.rows > 0);
    let rows = 0;
    for (const day of this.days) {
      this.#starts.push(rows);
      rows += day.rows;
    }
    this.rows = rows;
    this.lines = rows + this.days.length;
  }

  /** The first row of a day, by its place in `days`. */
  startOf(day: number): number {
    return this.#starts[day] ?? this.rows;
  }

  /** Which day holds a row; -1 where there is none. */
  dayOf(row: number): number {
    return this.#last((day) => this.startOf(day) <= row);
  }

  /** The line of a row. */
  lineOf(row: number): number {
    return row + this.dayOf(row) + 1;
  }

  /** What stands in a line: the day's name, or one of its rows. */
  at(line: number): { day: number; row?: number } {
    const day = this.#last((one) => this.startOf(one) + one <= line);
    const row = line - day - 1;
    return row < this.startOf(day) ? { day } : { day, row };
  }

  /** The row at a line, or the first one of the day whose name stands there. */
  rowFrom(line: number): number {
    const { day, row } = this.at(line);
    return row ?? this.startOf(day);
  }

  /** The first row of this day; where it has none, of the newest day before it, and of the oldest where there is none before. */
  firstOf(day: string): number {
    const at = this.days.findIndex((one) => one.day <= day);
    return this.startOf(at < 0 ? this.days.length - 1 : at);
  }

  /** The last day that fits; days fit up to one of them and none after it. */
  #last(fits: (day: number) => boolean): number {
    let [low, high] = [0, this.days.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(middle)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/**
 * The days as the newest rows tell them, where these were read after the days were counted: a call that has just begun stands
 * under today at once. `whole` says that there are no other rows.
 */
export function withHead(days: readonly Day[], head: readonly string[], whole: boolean): Day[] {
  const counted = new Map<string, number>();
  for (const day of head) counted.set(day, (counted.get(day) ?? 0) + 1);
  const told = [...counted].map(([day, rows]) => ({ day, rows }));
  const end = told.at(-1);
  if (whole || end === undefined) return told;
  // The page breaks off within its last day, which has as many rows as were counted, or more.
  end.rows = Math.max(end.rows, days.find((one) => one.day === end.day)?.rows ?? 0);
  return [...told, ...days.filter((one) => one.day < end.day)];
}

/** By how much a row has moved down since: what came in on newer days and on its own, where new rows come in on top. */
export function shiftOf(before: Layout, after: Layout, row: number): number {
  const day = before.days[before.dayOf(Math.min(row, before.rows - 1))];
  if (day === undefined) return 0;
  const upTo = (layout: Layout) => layout.days.reduce((rows, one) => (one.day >= day.day ? rows + one.rows : rows), 0);
  return upTo(after) - upTo(before);
}
