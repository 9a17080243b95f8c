/** Where the figures of the overview, and of somebody's page, lead: to the list of calls, with exactly the calls that were counted. */
import { type Period } from "../filter/period";
import { NOTHING_CHOSEN, readView, type View, writeView } from "../filter/view";
import { zone } from "../format/time";
import { writeHash } from "../route.svelte";

/** What somebody had to do with a call. */
export type Part = "made" | "received" | "answered" | "missed" | "declined";

/** The calls of a period, and of these the ones that a view lets through. */
export function callsHref(period: Period, more: Partial<View> = {}): string {
  return writeHash("calls", new URLSearchParams(writeView({ ...NOTHING_CHOSEN, period, ...more })));
}

/** The calls of some days, both included. */
export const daysHref = (from: string, to: string, more: Partial<View> = {}): string => callsHref({ kind: "custom", from, to }, more);

/** The calls of an hour of the week: the day from Monday, 0. */
export const hourHref = (period: Period, weekday: number, hour: number, more: Partial<View> = {}): string =>
  callsHref(period, { ...more, hour: `${weekday}-${hour} ${zone}` });

/** The calls in which somebody had this part. */
export const partHref = (period: Period, person: string, part: Part, more: Partial<View> = {}): string => callsHref(period, { ...more, person, part });

/** Which period figures are shown of: the last seven days, unless the address says another. */
export function shownPeriod(params: URLSearchParams): Period {
  const isSaid = ["period", "from", "to"].some((name) => params.has(name));
  return isSaid ? readView(params).period : { kind: "last7" };
}

/** How the address says it. */
export function periodWords(period: Period): Record<string, string> {
  return period.kind === "any" ? { period: "any" } : writeView({ ...NOTHING_CHOSEN, period });
}
