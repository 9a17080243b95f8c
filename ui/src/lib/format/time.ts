/** Times in the viewer's zone. The words are English because the texts are; see text.ts. */
const LOCALE = "en-GB";
const DAY_MS = 86_400_000;

const formats = {
  minute: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" }),
  second: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  weekday: new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" }),
  date: new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  short: new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" }),
  month: new Intl.DateTimeFormat(LOCALE, { month: "short" }),
  monthYear: new Intl.DateTimeFormat(LOCALE, { month: "short", year: "numeric" }),
  shortYear: new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" }),
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

/** `2026-11-21`, in the viewer's zone. */
export function isoDate(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** The first millisecond of a day that is written `2026-11-21`, or of one so many days later; undefined where it is no such day. */
export function dayStart(text: string, later = 0): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(year, month - 1, day);
  if (date.getMonth() !== month - 1 || date.getDate() !== day) return undefined;
  return new Date(year, month - 1, day + later).getTime();
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
  const days = Math.round((midnight(nowMs) - midnight(ms)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const format = new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? formats.weekday : formats.date;
  return format.format(ms).replace(",", "");
}

/** Date and time for a place without a day heading: `14:03`, `Yesterday 14:03`, `19 Nov 14:03`. */
export function dayAndTime(ms: number, nowMs: number, seconds = false): string {
  const days = Math.round((midnight(nowMs) - midnight(ms)) / DAY_MS);
  if (days === 0) return clock(ms, seconds);
  if (days === 1) return `Yesterday ${clock(ms, seconds)}`;
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return `${(sameYear ? formats.short : formats.shortYear).format(ms)} ${clock(ms, seconds)}`;
}

/** A moment inside a sentence: `today 14:03`, `yesterday 14:03`, `19 Nov 14:03`. */
export function moment(ms: number, nowMs: number): string {
  const said = dayAndTime(ms, nowMs);
  return midnight(ms) === midnight(nowMs) ? `today ${said}` : said.replace(/^Yesterday/, "yesterday");
}

/** `just now`, `40 s ago`, `2 min ago`, `3 h ago`, `5 days ago`. */
export function ago(ms: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds - (seconds % 10)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 day ago" : `${days} days ago`;
}

/** The first millisecond of the viewer's day that holds this moment. */
export function midnight(ms: number): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function pad(n: number, width = 2): string {
  return String(n).padStart(width, "0");
}
