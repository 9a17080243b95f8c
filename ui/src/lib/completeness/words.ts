import type { DayStatement, Gap } from "../api/types";
import { clock, moment } from "../format/time";
import { text } from "../text";
import { secondsLeft, standing, tellingGaps } from "./statement";

/** `14:03 to 16:20`, of a gap of one day; with the days where it has several. */
export function spanOf({ from_ms, to_ms }: Pick<Gap, "from_ms" | "to_ms">, nowMs: number): string {
  // A day's last gap ends at midnight, which belongs to the next one.
  const same = new Date(from_ms).toDateString() === new Date(to_ms - 1).toDateString();
  return same ? text.completeness.span(clock(from_ms, false), clock(to_ms, false)) : text.completeness.span(moment(from_ms, nowMs), moment(to_ms, nowMs));
}

/** What became of the calls of a gap. */
export function callsOf({ calls, forgets_ms }: Gap, nowMs: number): string {
  const words = text.completeness.calls[calls];
  return typeof words === "string" ? words : words(secondsLeft(forgets_ms ?? nowMs, nowMs));
}

/** The mark beside a day's name; nothing where there is nothing to say. */
export function dayMark(day: DayStatement, nowMs: number): { mark: string; help: string } | undefined {
  const state = standing(day);
  if (state === "unchecked") return undefined;
  const words = text.completeness;
  const gaps = tellingGaps(day);
  const which = gaps.length === 1 && gaps[0] ? spanOf(gaps[0], nowMs) : words.gaps(gaps.length);
  return { mark: words.marks[state](which), help: words.counts(day.calls) };
}
