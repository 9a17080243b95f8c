/** Calls by the day, or by the month where these would be too many to be seen. */
import type { DayFigures } from "../api/types";
import { dayStart, isoDate } from "../format/day";

/** More days than this are shown as months. */
export const DAYS_MAX = 62;
const DAY_MS = 86_400_000;

/** What one bar stands for. */
export interface Bar {
  /** The first and the last day of it. */
  from: string;
  to: string;
  isMonth: boolean;
  calls: number;
  /** How many have each result. */
  byResult: Record<string, number>;
}

/** One bar for each day of the period, also for those without calls: from its first day to its last, or from the first call to the last. */
export function barsOf(days: readonly DayFigures[], window: { from?: number; to?: number }): Bar[] {
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  const from = window.from === undefined ? first : isoDate(window.from);
  const to = window.to === undefined ? last : isoDate(window.to - 1);
  if (from === undefined || to === undefined) return [];
  const known = new Map(days.map((day) => [day.day, day]));
  const all = daysFrom(from, to);
  if (all.length <= DAYS_MAX) return all.map((day) => add({ from: day, to: day, isMonth: false, calls: 0, byResult: {} }, known.get(day)));
  const months = new Map<string, Bar>();
  for (const day of all) {
    const month = day.slice(0, 7);
    const bar = months.get(month) ?? { from: day, to: day, isMonth: true, calls: 0, byResult: {} };
    months.set(month, { ...add(bar, known.get(day)), to: day });
  }
  return [...months.values()];
}

function daysFrom(from: string, to: string): string[] {
  const [start, end] = [dayStart(from), dayStart(to)];
  if (start === undefined || end === undefined) return [];
  const days = [];
  // The middle of a day is in it, whatever the clocks do.
  for (let i = 0; i <= Math.round((end - start) / DAY_MS); i += 1) days.push(isoDate(dayStart(from, i) ?? 0));
  return days;
}

function add(bar: Bar, day: DayFigures | undefined): Bar {
  if (day === undefined) return bar;
  const byResult = { ...bar.byResult };
  for (const [code, calls] of Object.entries(day.by_result)) byResult[code] = (byResult[code] ?? 0) + calls;
  return { ...bar, calls: bar.calls + day.calls, byResult };
}

/** The order in which results are stacked, and told: what went well is at the bottom. */
const ORDER = ["normal_end", "in_progress", "ringing", "not_answer", "cancel", "reject", "call_busy", "offline", "interrupt", "failed", "unknown"];

/** The results that there are, in their order. */
export function resultsIn(byResult: Readonly<Record<string, number>>): string[] {
  const place = (code: string) => (ORDER.includes(code) ? ORDER.indexOf(code) : ORDER.length);
  return Object.keys(byResult)
    .filter((code) => (byResult[code] ?? 0) > 0)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** A round number at or above the largest one, for the scale. */
export function scaleOf(largest: number): number {
  if (largest <= 5) return Math.max(1, largest);
  const unit = 10 ** Math.floor(Math.log10(largest));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((n) => n * unit).find((n) => n >= largest && Number.isInteger(n)) ?? largest;
}
