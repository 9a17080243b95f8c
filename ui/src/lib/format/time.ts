/** Times in the viewer's zone and in the language of the window. */
import { text } from "../text";
import { locale } from "../text/language";
import { isoDate, midnight, pad } from "./day";
import { inUnits } from "./duration";

const DAY_MS = 86_400_000;

const formats = {
  minute: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  second: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  weekday: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
  date: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  short: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }),
  month: new Intl.DateTimeFormat(locale, { month: "short" }),
  monthYear: new Intl.DateTimeFormat(locale, { month: "short", year: "numeric" }),
  shortYear: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }),
};

/** The viewer's time zone, as exports name it. */
export const zone: string = zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined, new Date().getFullYear());

/**
 * A zone by its name, where the browser knows one. A computer whose zone is a rule (`TZ=CST-8`) or a bare file has none, and its
 * clock is right all the same: the distance from UTC says as much, or, where that changes in the year, the computer itself.
 */
export function zoneOf(name: string | undefined, year: number): string {
  const [winter, summer] = [0, 6].map((month) => -new Date(year, month, 1).getTimezoneOffset());
  const isNowhere = name === undefined || name === "" || name === "Etc/Unknown" || name === "UTC";
  if (!isNowhere) return name;
  if (winter !== summer) return "local";
  return winter === undefined || winter === 0 ? "UTC" : offsetWords(winter);
}

/** `+08:00`, from minutes east of Greenwich. */
function offsetWords(east: number): string {
  return `${east < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(east) / 60))}:${pad(Math.abs(east) % 60)}`;
}

/** `14:03:22`. */
export function clock(ms: number, seconds = true): string {
  return (seconds ? formats.second : formats.minute).format(ms);
}

/** A date in a narrow place: `Nov`, `Nov 2026`, `21 Nov`. */
export function dateWords(ms: number, form: "month" | "monthYear" | "short"): string {
  return formats[form].format(ms);
}

/** The whole moment: `2026-11-21 14:03:22.123 +08:00 (Asia/Shanghai)`. */
export function fullTime(ms: number): string {
  const at = new Date(ms);
  const offset = offsetWords(-at.getTimezoneOffset());
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
  return `${isoDate(ms)} ${time} ${offset} (${zone})`;
}

/** `Today`, `Yesterday`, `Thursday 19 November`, `Thursday 19 November 2025`. */
export function dayHeading(ms: number, nowMs: number): string {
  const days = daysAgo(ms, nowMs);
  if (days === 0) return text.times.today;
  if (days === 1) return text.times.yesterday;
  // Some versions of ICU put a comma behind an English weekday, others do not.
  return (sameYear(ms, nowMs) ? formats.weekday : formats.date).format(ms).replace(",", "");
}

/** Date and time for a place without a day heading: `14:03`, `Yesterday 14:03`, `Tomorrow 09:00`, `19 Nov 14:03`. */
export function dayAndTime(ms: number, nowMs: number, seconds = false): string {
  const days = daysAgo(ms, nowMs);
  if (days === 0) return clock(ms, seconds);
  const day = days === 1 ? text.times.yesterday : days === -1 ? text.times.tomorrow : shortDay(ms, nowMs);
  return text.times.dayAt(day, clock(ms, seconds));
}

/** A moment inside a sentence: `today 14:03`, `yesterday 14:03`, `tomorrow 09:00`, `19 Nov 14:03`. */
export function moment(ms: number, nowMs: number): string {
  const days = daysAgo(ms, nowMs);
  if (days === 0) return text.times.todayAt(clock(ms, false));
  if (days === 1) return text.times.yesterdayAt(clock(ms, false));
  if (days === -1) return text.times.tomorrowAt(clock(ms, false));
  return text.times.dayAt(shortDay(ms, nowMs), clock(ms, false));
}

/** Calendar days, not 24 hours. */
function daysAgo(ms: number, nowMs: number): number {
  return Math.round((midnight(nowMs) - midnight(ms)) / DAY_MS);
}

function sameYear(ms: number, nowMs: number): boolean {
  return new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
}

function shortDay(ms: number, nowMs: number): string {
  return (sameYear(ms, nowMs) ? formats.short : formats.shortYear).format(ms);
}

/** What lies so much later than now is in the future; less is what clocks differ by. */
const SLACK_MS = 60_000;

/** `just now`, `40 secs ago`, `2 mins ago`, `3 hrs ago`, `5 days ago`; `2 days in the future`, which only a wrong clock explains. */
export function ago(ms: number, nowMs: number): string {
  if (isAhead(ms, nowMs)) return text.times.ahead(span(Math.floor((ms - nowMs) / 1000)));
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  return seconds < 10 ? text.times.justNow : text.times.ago(span(seconds));
}

/** True for a moment that is still to come. */
export function isAhead(ms: number, nowMs: number): boolean {
  return ms - nowMs > SLACK_MS;
}

/** A length of time in its largest unit: `40 secs`, `2 mins`, `3 hrs`, `5 days`. */
export function span(seconds: number): string {
  if (seconds < 60) return inUnits(seconds - (seconds % 10), "second");
  if (seconds < 3600) return inUnits(Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return inUnits(Math.floor(seconds / 3600), "hour");
  return inUnits(Math.floor(seconds / 86_400), "day");
}
