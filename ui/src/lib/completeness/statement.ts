import type { Completeness, DayStatement, Gap } from "../api/types";
import { midnight } from "../format/day";

/** So many whole days until now, today among them. */
export function lastDays(days: number, nowMs: number): { from: number } {
  const day = new Date(midnight(nowMs));
  return { from: new Date(day.getFullYear(), day.getMonth(), day.getDate() - days + 1).getTime() };
}

/** How a day, or a period, stands: the worst that is known of it. */
export type Standing = "missing" | "fetchable" | "unknown" | "rooms" | "checked" | "unchecked";

/** Whether something may be missing of what happened in a gap, and whether it can still be had. */
export function gapStanding(gap: Gap): Standing {
  if (gap.calls === "fetched") return gap.why === "before_first" ? "checked" : "rooms";
  if (gap.calls === "fetchable" || gap.calls === "partly_forgotten") return "fetchable";
  // Nothing was written down then, so nothing says that something is missing.
  return gap.why === "before_first" ? "unknown" : "missing";
}

const WORST_FIRST = ["missing", "fetchable", "unknown", "rooms"] as const;

/** The worst of the gaps, and of the days without any whether Tencent's records were read. */
export function standing({ gaps, complete_to_ms }: Pick<DayStatement, "gaps" | "complete_to_ms">): Standing {
  const found = new Set(gaps.map(gapStanding));
  return WORST_FIRST.find((one) => found.has(one)) ?? (complete_to_ms === null ? "unchecked" : "checked");
}

/** The gaps that make a day what it is. */
export function tellingGaps(day: Pick<DayStatement, "gaps" | "complete_to_ms">): Gap[] {
  const worst = standing(day);
  return day.gaps.filter((gap) => gapStanding(gap) === worst);
}

/** What is left of a time, in seconds; 0 when it is over. */
export const secondsLeft = (untilMs: number, nowMs: number): number => Math.max(0, Math.floor((untilMs - nowMs) / 1000));

/** When Tencent forgets the first of the gaps that can still be fetched; undefined where there is none. */
export function forgetsFirst({ gaps }: Pick<Completeness, "gaps">): number | undefined {
  const moments = gaps.flatMap(({ forgets_ms }) => forgets_ms ?? []);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
