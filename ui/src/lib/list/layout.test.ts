import { describe, expect, it } from "vitest";

import { type Day, Layout, shiftOf, withHead } from "./layout";

const days = (...rows: [string, number][]): Day[] => rows.map(([day, rows]) => ({ day, rows }));
const THREE = days(["2026-11-21", 2], ["2026-11-20", 3], ["2026-10-02", 1]);

describe("a layout", () => {
  it("gives each day's name a line, and each row one", () => {
    const layout = new Layout(THREE);
    expect([layout.rows, layout.lines]).toEqual([6, 9]);
    const lines = Array.from({ length: 9 }, (_, line) => layout.at(line));
    expect(lines.map(({ day, row }) => row ?? `day ${day}`)).toEqual(["day 0", 0, 1, "day 1", 2, 3, 4, "day 2", 5]);
  });

  it("finds the line of every row, and back, in the order of the rows", () => {
    // Days of very different length, and some without rows, which have no name either.
    const layout = new Layout(Array.from({ length: 900 }, (_, i) => ({ day: `day ${i}`, rows: (i * i) % 37 })));
    let before = -1;
    for (let row = 0; row < layout.rows; row += 1) {
      const line = layout.lineOf(row);
      expect(line, "each row is further down").toBeGreaterThan(before);
      expect(layout.at(line).row, "and found there").toBe(row);
      before = line;
    }
    expect(before, "the last row is the last line").toBe(layout.lines - 1);
  });

  it("knows where a day begins, also one without rows", () => {
    const layout = new Layout(THREE);
    expect(
      [layout.firstOf("2026-11-20"), layout.firstOf("2026-11-15"), layout.firstOf("2027-01-01"), layout.firstOf("2020-01-01")],
      "the day itself, the one before it, the newest, the oldest",
    ).toEqual([2, 5, 0, 5]);
    expect([layout.rowFrom(3), layout.rowFrom(4)], "a day's name stands for its first row").toEqual([2, 2]);
  });

  it("of nothing has nothing", () => {
    const layout = new Layout([]);
    expect([layout.rows, layout.lines, layout.dayOf(0), layout.rowFrom(0)]).toEqual([0, 0, -1, 0]);
  });
});

describe("the newest rows", () => {
  const page = (...rows: [string, number][]) => rows.flatMap(([day, n]) => Array.from({ length: n }, () => day));
  it("are shown under their days before the days are counted", () => {
    expect(withHead([], page(["2026-11-21", 2], ["2026-11-20", 98]), false)).toEqual(days(["2026-11-21", 2], ["2026-11-20", 98]));
  });
  it("correct what was counted before they came", () => {
    expect(withHead(THREE, page(["2026-11-22", 1], ["2026-11-21", 4], ["2026-11-20", 1]), false), "the last day of the page goes on below it").toEqual(
      days(["2026-11-22", 1], ["2026-11-21", 4], ["2026-11-20", 3], ["2026-10-02", 1]),
    );
  });
  it("are all there is where nothing follows", () => {
    expect(withHead(THREE, page(["2026-11-21", 1]), true)).toEqual(days(["2026-11-21", 1]));
    expect(withHead(THREE, [], true), "or nothing is left").toEqual([]);
  });
});

describe("rows that came in", () => {
  const grown = new Layout(days(["2026-11-22", 4], ["2026-11-21", 5], ["2026-11-20", 4], ["2026-10-02", 1]));
  it("move a row by what is new on its day and on newer ones", () => {
    const before = new Layout(THREE);
    expect([0, 1, 2, 4, 5].map((row) => shiftOf(before, grown, row))).toEqual([7, 7, 8, 8, 8]);
  });
  it("move nothing where there was nothing", () => {
    expect(shiftOf(new Layout([]), grown, 0)).toBe(0);
  });
});
