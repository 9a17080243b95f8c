import { describe, expect, it } from "vitest";

import { isoDate } from "../format/day";
import { Layout } from "./layout";
import { marksOf } from "./marks";

/** So many days back from 21 November 2026, with ten rows each. */
const list = (days: number) => new Layout(Array.from({ length: days }, (_, back) => ({ day: isoDate(new Date(2026, 10, 21 - back).getTime()), rows: 10 })));
const marks = (layout: Layout, height = 700) => marksOf(layout, height, 34, (line) => (line / layout.lines) * height);

describe("the names beside the scrollbar", () => {
  it("are months, at the newest row of each", () => {
    const found = marks(list(120));
    expect(found.map((mark) => mark.words)).toEqual(["Nov", "Oct", "Sept", "Aug", "Jul"]);
    expect(found[1]?.row, "October ends with the 22nd day of the list").toBe(210);
  });
  it("say the year where another one begins", () => {
    expect(
      marks(list(400))
        .filter((mark) => mark.strong)
        .map((mark) => mark.words),
    ).toEqual(["Dec 2025"]);
  });
  it("are years where there is no room for months", () => {
    const found = marks(list(3650));
    expect(found.filter((mark) => mark.strong).map((mark) => mark.words)).toEqual(["2025", "2024", "2023", "2022", "2021", "2020", "2019", "2018", "2017"]);
  });
  it("are days in a short list", () => {
    expect(marks(list(3)).map((mark) => mark.words)).toEqual(["21 Nov", "20 Nov", "19 Nov"]);
  });
  it("stand apart, in order and inside", () => {
    for (const layout of [list(400), list(3650), list(45), new Layout([])]) {
      const found = marks(layout);
      expect(found.every((mark, i) => mark.y >= 34 && mark.y <= 680 && (i === 0 || mark.y - (found[i - 1]?.y ?? 0) >= 20))).toBe(true);
    }
  });
});
