import { describe, expect, it } from "vitest";

import type { Compared, DayFigures, Figures, PersonFigures } from "../api/types";
import { filterOf, NOTHING_CHOSEN } from "../filter/view";
import { zone } from "../format/time";
import { barsOf, DAYS_MAX, resultsIn, scaleOf } from "./days";
import { callsHref, daysHref, hourHref, partHref, periodWords, shownPeriod } from "./links";
import { leaders } from "./ranking";
import { figuresOfToday, tiles } from "./tiles";
import { hourWords, nextCell, shade, weekdayName, weekOrder } from "./week";

const day = (name: string, by_result: Record<string, number>): DayFigures => ({
  day: name,
  calls: Object.values(by_result).reduce((all, one) => all + one, 0),
  answered: 0,
  unanswered: 0,
  by_result,
});
const at = (text: string) => new Date(`${text}T00:00:00`).getTime();

describe("the bars", () => {
  it("are one for each day of the period, with calls or without", () => {
    const bars = barsOf([day("2026-11-21", { normal_end: 2, cancel: 1 })], { from: at("2026-11-20"), to: at("2026-11-23") });
    expect(bars.map(({ from, to, calls }) => [from, to, calls])).toEqual([
      ["2026-11-20", "2026-11-20", 0],
      ["2026-11-21", "2026-11-21", 3],
      ["2026-11-22", "2026-11-22", 0],
    ]);
    expect(bars[1]?.byResult).toEqual({ normal_end: 2, cancel: 1 });
  });
  it("reach from the first call to the last where the period has no border", () => {
    const bars = barsOf([day("2026-03-28", { reject: 1 }), day("2026-03-30", { reject: 2 })], {});
    expect(bars.map(({ from }) => from)).toEqual(["2026-03-28", "2026-03-29", "2026-03-30"]);
    expect(barsOf([], {})).toEqual([]);
  });
  it("are months where days would be too many", () => {
    const bars = barsOf([day("2026-01-15", { reject: 1 }), day("2026-01-31", { reject: 1, cancel: 4 }), day("2026-03-02", { reject: 1 })], {
      from: at("2026-01-10"),
      to: at("2026-03-20"),
    });
    expect(bars.map(({ from, to, calls, isMonth }) => [from, to, calls, isMonth])).toEqual([
      ["2026-01-10", "2026-01-31", 6, true],
      ["2026-02-01", "2026-02-28", 0, true],
      ["2026-03-01", "2026-03-19", 1, true],
    ]);
    const longest = barsOf([], { from: at("2026-01-01"), to: new Date(2026, 0, 1 + DAYS_MAX).getTime() });
    expect([longest.length, longest[0]?.isMonth]).toEqual([DAYS_MAX, false]);
  });
  it("stack what went well first, and what is not known here last", () => {
    expect(resultsIn({ teleport: 1, cancel: 2, normal_end: 1, reject: 0 })).toEqual(["normal_end", "cancel", "teleport"]);
  });
  it.each([
    [0, 1],
    [3, 3],
    [6, 6],
    [7, 8],
    [11, 15],
    [58, 60],
    [1497, 1500],
    [9001, 10_000],
  ])("stand before a scale: %i up to %i", (largest, top) => {
    expect(scaleOf(largest)).toBe(top);
  });
});

describe("the hours of the week", () => {
  it("are in the order of the language", () => {
    expect(weekOrder("de-DE")[0]).toBe(0);
    expect(weekOrder("en-US")[0]).toBe(6);
  });
  it("are darker where there are more calls", () => {
    expect([0, 1, 5, 10].map((calls) => shade(calls, 10))).toEqual([0, 1, 3, 5]);
    expect(shade(0, 0)).toBe(0);
  });
  it("are walked through by arrow keys, over those without calls", () => {
    const cells = [
      [1, 0, 2],
      [0, 0, 0],
      [3, 0, 0],
    ];
    expect(nextCell(cells, [0, 0], "ArrowRight")).toEqual([0, 2]);
    expect(nextCell(cells, [0, 0], "ArrowDown")).toEqual([2, 0]);
    expect(nextCell(cells, [2, 0], "ArrowUp")).toEqual([0, 0]);
    expect(nextCell(cells, [0, 2], "ArrowRight")).toBeUndefined();
    expect(nextCell(cells, [0, 2], "Enter")).toBeUndefined();
  });
  it("are said in words where they filter", () => {
    expect(hourWords("4-9 Europe/Berlin")).toBe(`${weekdayName(4, "long")} 09:00 (Europe/Berlin)`);
    expect(hourWords("nonsense")).toBe("nonsense");
    expect(hourWords("")).toBe("");
  });
});

describe("a figure", () => {
  it("leads to its calls", () => {
    expect(callsHref({ kind: "today" }, { answered: "no" })).toBe("#/calls?period=today&answered=no");
    expect(daysHref("2026-11-20", "2026-11-21", { result: ["reject"] })).toBe("#/calls?from=2026-11-20&to=2026-11-21&result=reject");
    expect(partHref({ kind: "last7" }, "a b", "missed")).toBe("#/calls?period=last7&person=a+b&part=missed");
    expect(hourHref({ kind: "any" }, 4, 17, { person: "a b" })).toContain("person=a+b");
    expect(partHref({ kind: "last7" }, "a b", "made", { answered: "yes" })).toBe("#/calls?period=last7&person=a+b&answered=yes&part=made");
    expect(hourHref({ kind: "any" }, 4, 17)).toBe(`#/calls?${new URLSearchParams({ hour: `4-17 ${zone}` })}`);
  });
  it("is of the last seven days unless the address says otherwise", () => {
    const shown = (address: string) => shownPeriod(new URLSearchParams(address));
    expect(shown("")).toEqual({ kind: "last7" });
    expect(shown("period=month")).toEqual({ kind: "month" });
    for (const period of [{ kind: "any" }, { kind: "custom", from: "2026-11-20", to: "" }] as const)
      expect(shownPeriod(new URLSearchParams(periodWords(period)))).toEqual(period);
  });
  it("stands beside what it was", () => {
    const spread = { median: 7, p90: 9 };
    const some = { calls: 5, answered: 3, unanswered: 1, answer_rate: 0.75, ring: spread, talk: { sum: 60, median: 20, longest: 30 } };
    const compared = { ...some, calls: 4, answer_rate: null, ring: { median: null, p90: null } } as unknown as Compared;
    const of = (figures: object) => tiles(figures as Figures).map(({ name, value, was }) => [name, value, was]);
    expect(of({ ...some, compared })).toEqual([
      ["calls", 5, 4],
      ["answer_rate", 0.75, null],
      ["unanswered", 1, 1],
      ["ring", 7, null],
      ["talk", 60, 60],
    ]);
    expect(of({ ...some, compared: null })[0]).toEqual(["calls", 5, null]);
  });
  it("of today is of the calls in its list, beside the same time a week before", async () => {
    const day = filterOf({ ...NOTHING_CHOSEN, period: { kind: "today" } }, at("2026-11-20"));
    expect(day).toEqual({ from: at("2026-11-20"), to: at("2026-11-21") });
    const asked: unknown[][] = [];
    const ask: Parameters<typeof figuresOfToday>[0] = (filter, compare) => {
      asked.push([filter, compare]);
      const compared = compare === undefined ? null : { calls: 3 };
      return Promise.resolve({ calls: compare === undefined ? 5 : 4, compared } as Figures);
    };
    const figures = await figuresOfToday(ask, day, new AbortController().signal);
    expect([figures.calls, figures.compared?.calls]).toEqual([5, 3]);
    expect(asked).toEqual([
      [day, undefined],
      [{ from: day.from }, "week"],
    ]);
  });
  it("names those who have most of something, and nobody who has none", () => {
    const person = (user: string, missed: number) => ({ user, missed }) as PersonFigures;
    const people = [person("b", 2), person("a", 2), person("c", 0), person("d", 7)];
    expect(leaders(people, "missed").map(({ user }) => user)).toEqual(["d", "a", "b"]);
  });
});
