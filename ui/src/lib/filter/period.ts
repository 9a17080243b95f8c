import { dayStart, isoDate } from "../format/day";

export const PRESETS = ["today", "yesterday", "last7", "month", "last_month"] as const;
export type Preset = (typeof PRESETS)[number];

/** A span of days in the viewer's zone. Relative ones move with the calendar. */
export type Period = { kind: "any" } | { kind: Preset } | { kind: "custom"; from: string; to: string };

/** The window [from, to) in Unix milliseconds. `to` of a custom period is a day that is included. */
export function windowOf(period: Period, nowMs: number): { from?: number; to?: number } {
  const now = new Date(nowMs);
  const day = (offset: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).getTime();
  const month = (offset: number) => new Date(now.getFullYear(), now.getMonth() + offset, 1).getTime();
  switch (period.kind) {
    case "any":
      return {};
    case "today":
      return { from: day(0), to: day(1) };
    case "yesterday":
      return { from: day(-1), to: day(0) };
    case "last7":
      return { from: day(-6), to: day(1) };
    case "month":
      return { from: month(0), to: month(1) };
    case "last_month":
      return { from: month(-1), to: month(0) };
    case "custom":
      return { from: dayStart(period.from), to: dayStart(period.to, 1) };
  }
}

/** The first and last day of a period, for the date fields. */
export function daysOf(period: Period, nowMs: number): { from: string; to: string } {
  if (period.kind === "custom") return { from: period.from, to: period.to };
  const { from, to } = windowOf(period, nowMs);
  return { from: from === undefined ? "" : isoDate(from), to: to === undefined ? "" : isoDate(to - 1) };
}

/** True for `2026-11-21` and nothing else. */
export function isDay(text: string): boolean {
  return dayStart(text) !== undefined;
}
