import { describe, expect, it } from "vitest";

import { matching } from "./matching";

const APPS = [
  { code: "", words: "Any app" },
  { code: "1400123456", words: "Support desk (1400123456)" },
  { code: "1400987654", words: "诊所" },
  { code: "1400200000", words: "Café 客服 2" },
];
const codes = (typed: string) => matching(APPS, typed).map(({ code }) => code);

describe("what is found by typing", () => {
  it("is everything while nothing is typed", () => {
    expect(codes("  ")).toEqual(["", "1400123456", "1400987654", "1400200000"]);
  });
  it("has each of the typed words somewhere, in its words or its code", () => {
    expect(codes("desk supp")).toEqual(["1400123456"]);
    expect(codes("9876")).toEqual(["1400987654"]);
    expect(codes("desk clinic")).toEqual([]);
  });
  it("does not depend on case, width or accents", () => {
    expect(codes("CAFE")).toEqual(["1400200000"]);
    expect(codes("ｄｅｓｋ")).toEqual(["1400123456"]);
    expect(codes("客服")).toEqual(["1400200000"]);
  });
  it("shows first what begins with it", () => {
    expect(
      matching(
        [
          { code: "1", words: "My desk" },
          { code: "2", words: "Desk 2" },
        ],
        "desk",
      ).map(({ code }) => code),
    ).toEqual(["2", "1"]);
  });
  it("is not the choice of none: who types looks for one", () => {
    expect(codes("any")).toEqual([]);
  });
});
