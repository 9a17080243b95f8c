import { describe, expect, it } from "vitest";

import type { Gap } from "../api/types";
import { forgetsFirst, gapStanding, lastDays, secondsLeft, standing, tellingGaps } from "./statement";

const gap = (some: Partial<Gap>): Gap => ({ from_ms: 0, to_ms: 1, why: "slept", calls: "fetched", forgets_ms: null, ...some });

describe("a gap", () => {
  it("is as bad as what may be missing of it", () => {
    expect(gapStanding(gap({}))).toBe("rooms");
    expect(gapStanding(gap({ calls: "fetchable", forgets_ms: 9 }))).toBe("fetchable");
    expect(gapStanding(gap({ calls: "partly_forgotten", forgets_ms: 9 }))).toBe("fetchable");
    expect(gapStanding(gap({ calls: "forgotten" }))).toBe("missing");
  });

  it("is no fault before anything was written down", () => {
    expect(gapStanding(gap({ why: "before_first", calls: "forgotten" }))).toBe("unknown");
    expect(gapStanding(gap({ why: "before_first" }))).toBe("checked");
  });
});

describe("a day", () => {
  it("is what its worst gap is", () => {
    const slept = gap({});
    const lost = gap({ why: "killed", calls: "forgotten" });
    expect(standing({ gaps: [slept, lost], complete_to_ms: 1 })).toBe("missing");
    expect(tellingGaps({ gaps: [slept, lost], complete_to_ms: 1 })).toEqual([lost]);
    expect(standing({ gaps: [slept], complete_to_ms: 1 })).toBe("rooms");
  });

  it("without a gap is checked where Tencent's records were read", () => {
    expect(standing({ gaps: [], complete_to_ms: 5 })).toBe("checked");
    expect(standing({ gaps: [], complete_to_ms: null })).toBe("unchecked");
  });
});

describe("the time left", () => {
  it("goes down to nothing", () => {
    expect(secondsLeft(61_000, 1_000)).toBe(60);
    expect(secondsLeft(1_000, 61_000)).toBe(0);
  });

  it("is told of what is forgotten first", () => {
    const gaps = [7, null, 5].map((forgets_ms) => gap({ forgets_ms }));
    expect(forgetsFirst({ gaps })).toBe(5);
    expect(forgetsFirst({ gaps: [gap({})] })).toBeUndefined();
  });
});

describe("the last days", () => {
  it("are whole, with today among them, whatever the clocks did", () => {
    const late = new Date(2026, 10, 3, 23, 59).getTime();
    expect(lastDays(1, late).from).toBe(new Date(2026, 10, 3).getTime());
    expect(lastDays(30, late).from).toBe(new Date(2026, 9, 5).getTime());
  });
});
