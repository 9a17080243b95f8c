import { describe, expect, it } from "vitest";

import type { DayStatement, Gap } from "../api/types";
import { callsOf, dayMark, spanOf } from "./words";

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
const NOW = at(20, 12);
const night: Gap = { from_ms: at(19, 22), to_ms: at(20, 7), why: "slept", calls: "fetched", forgets_ms: null };
const day = (some: Partial<DayStatement>): DayStatement => ({
  day: "2026-11-20",
  calls: { calls: 12, confirmed: 9, only_callbacks: 2, only_fetched: 1 },
  complete_to_ms: NOW,
  gaps: [],
  ...some,
});

describe("a gap in words", () => {
  it("has days only where it has several", () => {
    expect(spanOf(night, NOW)).toBe("yesterday 22:00 to today 07:00");
    expect(spanOf({ from_ms: at(19, 22), to_ms: at(20, 0) }, NOW)).toBe("22:00 to 00:00");
  });

  it("says for how long its calls can still be fetched", () => {
    expect(callsOf(night, NOW)).toBe("Fetched");
    expect(callsOf({ ...night, calls: "fetchable", forgets_ms: NOW + 3_660_000 }, NOW)).toBe("Not fetched; can be for another 1 hour 1 minute");
  });
});

describe("the mark of a day", () => {
  it("tells the worst of it, and the numbers on hover", () => {
    const gap = { ...night, from_ms: at(20, 0) };
    expect(dayMark(day({ gaps: [gap] }), NOW)).toEqual({
      mark: "Fetched afterwards (00:00 to 07:00)",
      help: "12 calls: 9 confirmed by Tencent's records, 2 known only from callbacks, 1 only fetched.",
    });
    const lost: Gap[] = [9, 11].map((hour) => ({ ...night, from_ms: at(20, hour), to_ms: at(20, hour + 1), calls: "forgotten" }));
    expect(dayMark(day({ gaps: [gap, ...lost] }), NOW)?.mark).toBe("Calls may be missing (2 gaps)");
    expect(dayMark(day({}), NOW)?.mark).toBe("Checked");
  });

  it("is none where nothing is known", () => {
    expect(dayMark(day({ complete_to_ms: null }), NOW)).toBeUndefined();
  });
});
