/** Days as the date fields and the calendar take them. */
import { CalendarDate, parseDate } from "@internationalized/date";

import { dayStart } from "./day";

/** A day that is written `2026-11-21`; undefined where it is none. */
export function dateOf(day: string): CalendarDate | undefined {
  return dayStart(day) === undefined ? undefined : parseDate(day);
}

/** `2026-11-21`, or nothing. */
export function dayOf(date: { toString(): string } | undefined): string {
  return date?.toString() ?? "";
}
