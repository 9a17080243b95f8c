import { afterEach, describe, expect, it, vi } from "vitest";

import { bytes, duration, spokenDuration } from "./duration";
import { isoDate } from "./day";
import { ago, clock, dayAndTime, dayHeading, fullTime, moment, zoneOf } from "./time";
import { isolated, visible, visibleLines, visibleSentence } from "./visible";

const local = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0) => new Date(year, month, day, hour, minute, second).getTime();
const NOW = local(2026, 10, 21, 14, 3, 22);

describe("durations", () => {
  it.each([
    [0, "0:00"],
    [4, "0:04"],
    [750, "12:30"],
    [3723, "1:02:03"],
    [360000, "100:00:00"],
  ])("writes %i seconds as telephones do", (seconds, shown) => {
    expect(duration(seconds), "minutes are not padded, seconds are").toBe(shown);
  });
  it("shows nothing for what is not known", () => {
    expect(duration(null), "null is not 0:00").toBe("");
  });
  it("is spoken with units", () => {
    expect(spokenDuration(3723)).toBe("1 hour 2 minutes 3 seconds");
    expect(spokenDuration(60), "no empty parts").toBe("1 minute");
    expect(spokenDuration(0), "nothing at all is still a length").toBe("0 seconds");
  });
  it("sizes", () => {
    expect([bytes(812), bytes(3500), bytes(3_500_000)]).toEqual(["812 B", "3.4 kB", "3.3 MB"]);
  });
});

describe("the viewer's zone", () => {
  const shown = (winter: number, summer: number) =>
    vi.spyOn(Date.prototype, "getTimezoneOffset").mockImplementation(function (this: Date) {
      return this.getMonth() === 6 ? summer : winter;
    });
  afterEach(() => vi.restoreAllMocks());
  it.each([
    ["Asia/Shanghai", -480, -480, "Asia/Shanghai"],
    [undefined, -480, -480, "+08:00"],
    ["Etc/Unknown", -480, -480, "+08:00"],
    ["UTC", 210, 210, "-03:30"],
    [undefined, -60, -120, "local"],
    ["UTC", 0, 0, "UTC"],
    [undefined, 0, 0, "UTC"],
  ])("%s with the clock at %i and %i is %s", (name, winter, summer, zone) => {
    shown(winter, summer);
    expect(zoneOf(name, 2026), "a clock that is not at UTC is never called so").toBe(zone);
  });
});

describe("times", () => {
  it("head days relative to the viewer's day", () => {
    expect(dayHeading(local(2026, 10, 21, 0, 0, 1), NOW)).toBe("Today");
    expect(dayHeading(local(2026, 10, 20, 23, 59, 59), NOW), "yesterday is a calendar day, not 24 hours").toBe("Yesterday");
    expect(dayHeading(local(2026, 10, 19, 12), NOW)).toBe("Thursday 19 November");
    expect(dayHeading(local(2025, 10, 19, 12), NOW), "another year is named").toBe("Wednesday 19 November 2025");
  });
  it("name the day where no heading stands above", () => {
    expect(dayAndTime(local(2026, 10, 21, 9, 5), NOW)).toBe("09:05");
    expect(dayAndTime(local(2026, 10, 20, 9, 5), NOW)).toBe("Yesterday 09:05");
    expect(dayAndTime(local(2026, 10, 22, 9), NOW), "what was put off is to come").toBe("Tomorrow 09:00");
    expect(dayAndTime(local(2026, 10, 2, 9, 5), NOW)).toBe("2 Nov 09:05");
    expect(dayAndTime(local(2024, 10, 2, 9, 5), NOW)).toBe("2 Nov 2024 09:05");
    const said = [local(2026, 10, 21, 9, 5), local(2026, 10, 20, 9, 5), local(2026, 10, 22, 9), local(2026, 10, 2, 9, 5)].map((ms) => moment(ms, NOW));
    expect(said, "inside a sentence the day is always there").toEqual(["today 09:05", "yesterday 09:05", "tomorrow 09:00", "2 Nov 09:05"]);
  });
  it("show the whole moment with its offset", () => {
    expect(fullTime(NOW + 7)).toMatch(/^2026-11-21 14:03:22\.007 [+-]\d\d:\d\d \(.+\)$/);
    expect(clock(NOW)).toBe("14:03:22");
    expect(isoDate(NOW)).toBe("2026-11-21");
  });
  it.each([
    [3_000, "just now"],
    [47_000, "40 secs ago"],
    [130_000, "2 mins ago"],
    [7_300_000, "2 hrs ago"],
    [90_000_000, "1 day ago"],
    [-5_000, "just now"],
    [-60_000, "just now"],
    [-61_000, "1 min in the future"],
    [-7_300_000, "2 hrs in the future"],
    [-90_000_000, "1 day in the future"],
    [-730 * 86_400_000, "730 days in the future"],
  ])("%i ms ago", (before, shown) => {
    expect(ago(NOW - before, NOW), "a clock that is a little ahead is not the future; one that is far ahead is said").toBe(shown);
  });
});

describe("text from outside", () => {
  it("shows what cannot be seen", () => {
    expect(visible("\u202Eevil\u0007"), "bidi override and bell").toBe("\\u{202E}evil\\u{0007}");
    expect(visible("a\u200Bb"), "zero-width space").toBe("a\\u{200B}b");
    expect(visible("\n\t")).toBe("\\n\\t");
    expect(visible("\uD800"), "a lone surrogate").toBe("\\u{D800}");
  });
  it("shows blanks that look like something else", () => {
    expect(visible("ad\u034Fmin\u2800"), "a joiner without width and a blank Braille sign").toBe("ad\\u{034F}min\\u{2800}");
    expect(visible("admin\uFE0F"), "a selector of a variant that the letter has not").toBe("admin\\u{FE0F}");
    expect(visible(" a  b "), "spaces at the ends and one after another").toBe("\\u{0020}a \\u{0020}b\\u{0020}");
    expect(visible("a\u00A0b\u2003c"), "other spaces than the usual one").toBe("a\\u{00A0}b\\u{2003}c");
  });
  it("cuts piles of marks", () => {
    expect(visible("Z\u0301\u0302\u0303\u0304\u0305\u0306"), "four can be read, more would cover other lines").toBe(
      "Z\u0301\u0302\u0303\u0304\\u{0305}\\u{0306}",
    );
  });
  it("keeps what is written from right to left to itself", () => {
    expect(isolated("\u05D3\u05E0\u05D9 1")).toBe("\u2068\u05D3\u05E0\u05D9 1\u2069");
    const sentence = `Tag ${isolated("\u05D3\u05E0\u05D9")} added`;
    expect(visibleSentence(sentence), "what is set apart in a sentence stays so").toBe(sentence);
    expect(visibleSentence("a\u202Eb\u2068c"), "and nothing else passes").toBe("a\\u{202E}b\\u{2068}c");
    expect(isolated("\u2069ann\u202E"), "only our own signs do that, and only where it is needed").toBe("\\u{2069}ann\\u{202E}");
  });
  it("leaves what can be read", () => {
    expect(visible("\u738B\u3000\u533B \u2764\uFE0F 1\uFE0F\u20E3 Vi\u1EC7t e\u0301\u0323"), "a wide space between, emoji, letters with marks").toBe(
      "\u738B\u3000\u533B \u2764\uFE0F 1\uFE0F\u20E3 Vi\u1EC7t e\u0301\u0323",
    );
    expect(visible("王医生 <b>& é 😀")).toBe("王医生 <b>& é 😀");
  });
  it("keeps the lines of a body", () => {
    expect(visibleLines("{\n\t1\r\n}\u0000"), "only the NUL is written out").toBe("{\n\t1\n}\\u{0000}");
  });
});
