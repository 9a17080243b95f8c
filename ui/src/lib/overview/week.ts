/** The hours of the week in the order in which the language begins it, and the keys that lead through them. */
import { pad } from "../format/day";
import { visible } from "../format/visible";
import { locale } from "../text/language";

/** Days from Monday, 0, in the order of this language's week. */
export function weekOrder(language: string = locale): number[] {
  const first = firstDay(language);
  return Array.from({ length: 7 }, (_, i) => (first + i) % 7);
}

/** Which day a week begins with, from Monday, 0; Monday where the browser does not know. */
function firstDay(language: string): number {
  const known = new Intl.Locale(language).maximize() as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  const info = known.getWeekInfo?.() ?? known.weekInfo;
  return info === undefined ? 0 : (info.firstDay + 6) % 7;
}

/** The name of a day from Monday, 0. */
export function weekdayName(day: number, form: "short" | "long"): string {
  // The fifth of January 1970 was a Monday.
  return new Intl.DateTimeFormat(locale, { weekday: form, timeZone: "UTC" }).format(Date.UTC(1970, 0, 5 + day));
}

/** How dark a cell is, in five steps, so that many and few are told apart at a glance. */
export function shade(calls: number, most: number): number {
  return calls === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((calls / most) * 5));
}

/** Rows down and cells to the right that a key leads. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where a key leads from a cell: the next one in that direction that has calls. */
export function nextCell(cells: readonly (readonly number[])[], [row, column]: readonly [number, number], key: string): [number, number] | undefined {
  const step = Object.hasOwn(ARROWS, key) ? ARROWS[key] : undefined;
  if (step === undefined) return undefined;
  const [down, right] = step;
  for (let [r, c] = [row + down, column + right]; cells[r]?.[c] !== undefined; r += down, c += right) if ((cells[r]?.[c] ?? 0) > 0) return [r, c];
  return undefined;
}

/** An hour of the week as an address has it, in words: `Friday 17:00 (Europe/Berlin)`. What is no such hour is shown as it is. */
export function hourWords(hour: string): string {
  const parts = /^([0-6])-(\d{1,2}) (.+)$/.exec(hour);
  return parts === null ? visible(hour) : `${weekdayName(Number(parts[1]), "long")} ${pad(Number(parts[2]))}:00 (${visible(parts[3] ?? "")})`;
}
