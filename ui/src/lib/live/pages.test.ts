import { describe, expect, it } from "vitest";

import { pageOfRow, type ReadPage, replacePage } from "./pages";

const key = (row: string) => row;
const page = (cursor: string | undefined, rows: string, next: string | null): ReadPage<string> => ({ cursor, rows: [...rows], next });
const shown = (pages: ReadPage<string>[]) => pages.map((one) => one.rows.join("")).join("|");

describe("reading a page again", () => {
  const pages = [page(undefined, "cba", "a"), page("a", "ZYX", "X"), page("X", "WVU", null)];

  it("keeps the pages below when rows came in above them", () => {
    const fresh = page(undefined, "edcbaZ", "Z");
    expect(shown(replacePage(pages, 0, fresh, key)), "no row twice, none lost").toBe("edcba|ZYX|WVU");
  });
  it("ends where the next page begins", () => {
    const after = replacePage(pages, 0, page(undefined, "edcbaZ", "Z"), key);
    expect(after[0]?.next, "the next page is still read with its own cursor").toBe("a");
  });
  it("keeps them too when the fresh page ends exactly there", () => {
    expect(shown(replacePage(pages, 0, page(undefined, "cba", "a"), key))).toBe("cba|ZYX|WVU");
  });
  it("drops them when rows that nobody has read lie between", () => {
    expect(shown(replacePage(pages, 0, page(undefined, "mlk", "k"), key))).toBe("mlk");
  });
  it("replaces one in the middle", () => {
    expect(shown(replacePage(pages, 1, page("a", "ZyXW", "W"), key))).toBe("cba|ZyX|WVU");
  });
  it("replaces the last one", () => {
    expect(shown(replacePage(pages, 2, page("X", "WV", null), key))).toBe("cba|ZYX|WV");
  });
});

describe("where a row is", () => {
  it("counts through pages of different length", () => {
    const pages = [page(undefined, "cba", "a"), page("a", "ZYXW", null)];
    expect([0, 2, 3, 6, 99].map((row) => pageOfRow(pages, row))).toEqual([0, 0, 1, 1, 1]);
  });
});
