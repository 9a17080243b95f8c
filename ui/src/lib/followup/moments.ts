/** The moments to which a case is put off, by the clock on the viewer's wall: a day is not always 24 hours. */
import { dayStart, isoDate, pad } from "../format/day";

const HOUR_MS = 3_600_000;
/** When the day begins at a desk. */
const MORNING = 9;

export const inAnHour = (nowMs: number): number => nowMs + HOUR_MS;

/** Nine o'clock of the next day. */
export function tomorrowMorning(nowMs: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING).getTime();
}

/** A day and a time of it, as fields have them: `2026-11-21`, `09:00`. Undefined where they are none. A time that the day leaves out is as much later. */
export function momentOf(day: string, time: string): number | undefined {
  const start = dayStart(day);
  const parts = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/.exec(time);
  if (start === undefined || parts === null) return undefined;
  const at = new Date(start);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate(), Number(parts[1]), Number(parts[2])).getTime();
}

/** The same of a moment, for the fields. */
export function fieldsOf(ms: number): { day: string; time: string } {
  const at = new Date(ms);
  return { day: isoDate(ms), time: `${pad(at.getHours())}:${pad(at.getMinutes())}` };
}

const UNITS = [
  [86_400, 3_600],
  [3_600, 60],
] as const;

/** A length of time as it is told: in seconds, without those that nobody asks for where it took hours, nor minutes where days. */
export function told(ms: number): number {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const step = UNITS.find(([size]) => seconds >= size)?.[1] ?? 1;
  return Math.floor(seconds / step) * step;
}
