import { afterEach, describe, expect, it } from "vitest";

import { fieldsOf, inAnHour, momentOf, told, tomorrowMorning } from "./moments";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});
const said = (ms: number) => `${fieldsOf(ms).day} ${fieldsOf(ms).time}`;

describe("putting off", () => {
  it.each([
    // Clocks go forward in the night, back in the night, and not at all.
    ["Europe/Berlin", "2026-03-28", "2026-03-29", 17],
    ["Europe/Berlin", "2026-10-24", "2026-10-25", 19],
    ["Asia/Shanghai", "2026-10-24", "2026-10-25", 18],
    ["America/St_Johns", "2026-12-31", "2027-01-01", 18],
  ])("in %s on %s at three leads to nine in the morning of %s", (tz, day, next, hours) => {
    process.env.TZ = tz;
    const now = momentOf(day, "15:00") ?? 0;
    const then = tomorrowMorning(now);
    expect(said(then)).toBe(`${next} 09:00`);
    expect((then - now) / 3_600_000, "so long it takes in truth").toBe(hours);
  });
  it("to the next day is said of today, also shortly after midnight", () => {
    process.env.TZ = "Europe/Berlin";
    expect(said(tomorrowMorning(momentOf("2026-11-21", "00:05") ?? 0))).toBe("2026-11-22 09:00");
  });
  it("for an hour is an hour, whatever the clocks do", () => {
    process.env.TZ = "Europe/Berlin";
    const now = momentOf("2026-10-25", "01:30") ?? 0;
    expect([said(inAnHour(now)), said(inAnHour(inAnHour(now)))], "half past two comes twice").toEqual(["2026-10-25 02:30", "2026-10-25 02:30"]);
  });
});

describe("a date and a time", () => {
  it("come back from their moment", () => {
    process.env.TZ = "Asia/Kolkata";
    expect(fieldsOf(momentOf("2026-11-21", "9:05") ?? 0)).toEqual({ day: "2026-11-21", time: "09:05" });
    expect(momentOf("2026-11-21", "09:05:30"), "a field may tell seconds").toBe(momentOf("2026-11-21", "09:05"));
  });
  it("that the clocks leave out are an hour later", () => {
    process.env.TZ = "Europe/Berlin";
    expect(said(momentOf("2026-03-29", "02:30") ?? 0)).toBe("2026-03-29 03:30");
  });
  it("that are none are none", () => {
    expect([momentOf("2026-02-30", "09:00"), momentOf("2026-02-20", "24:00"), momentOf("", "09:00"), momentOf("2026-02-20", "")]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

it("a length of time is told in what matters", () => {
  expect([-5, 400, 59_600, 754_000, 3_599_000].map(told), "seconds and minutes").toEqual([0, 0, 60, 754, 3599]);
  expect([75_616_000, 86_400_000 * 3 + 3_660_000].map(told), "hours with minutes, days with hours").toEqual([75_600, 86_400 * 3 + 3_600]);
});
