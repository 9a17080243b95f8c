import { dayStart } from "../format/day";
import { dateWords } from "../format/time";
import { type Layout, NO_DAY } from "./layout";

/** A name beside the scrollbar. */
export interface Mark {
  /** How far down it stands, in pixels. */
  y: number;
  /** The row that it stands for: the newest of its month or day. */
  row: number;
  words: string;
  /** True where another year begins. */
  strong: boolean;
}

/** Names stand at least so far apart. */
const APART_PX = 20;
/** A list of fewer days has names of days, not of months. */
const DAYS = 45;

/** The names beside the scrollbar: the months of a list, or its days where it has few. `yOf` says how far down a row's line is. */
export function marksOf(layout: Layout, height: number, room: number, yOf: (line: number) => number): Mark[] {
  const byDay = layout.days.length <= DAYS;
  const groups = groupsOf(layout, byDay ? 10 : 7);
  const crowded = !byDay && groups.length * APART_PX > height;
  const marks: Mark[] = [];
  for (const [i, { day, first, row }] of groups.entries()) {
    const strong = i > 0 && groups[i - 1]?.day.slice(0, 4) !== day.slice(0, 4);
    const own = yOf(layout.lineOf(row));
    const next = groups[i + 1];
    // What is on top stands a little lower, if it still stands beside its own rows.
    const y = Math.max(own, room);
    if (y > own && next !== undefined && yOf(layout.lineOf(next.row)) < y + APART_PX) continue;
    const form = byDay ? "short" : strong ? "monthYear" : "month";
    marks.push({ y, row, strong, words: strong && crowded ? day.slice(0, 4) : dateWords(dayStart(first) ?? 0, form) });
  }
  // Years first: where there is no room for all, months give way to them.
  const placed: Mark[] = [];
  for (const mark of [...marks.filter((one) => one.strong), ...marks.filter((one) => !one.strong)]) {
    const fits = mark.y <= height - APART_PX && placed.every((other) => Math.abs(other.y - mark.y) >= APART_PX);
    if (fits) placed.push(mark);
  }
  return placed.sort((a, b) => a.y - b.y);
}

/** The days of a list that begin alike, with the first row of each group. */
function groupsOf(layout: Layout, length: number): { day: string; first: string; row: number }[] {
  const groups: { day: string; first: string; row: number }[] = [];
  for (const [index, { day }] of layout.days.entries()) {
    if (day === NO_DAY) continue;
    const start = day.slice(0, length);
    if (groups.at(-1)?.day !== start) groups.push({ day: start, first: day, row: layout.startOf(index) });
  }
  return groups;
}
