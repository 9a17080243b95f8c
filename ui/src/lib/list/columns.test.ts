import { describe, expect, it } from "vitest";

import { fitting, needed, template } from "./columns";

const measure = { title: (words: string) => words.length * 6.5, cell: (words: string) => words.length * 8 };
const columns = [
  { key: "time", width: 66 },
  { key: "who", width: 180, share: 1 },
  { key: "result", width: 94 },
  { key: "ring", width: 52, leaves: 2 },
  { key: "members", width: 62, leaves: 3 },
  { key: "talk", width: 60, leaves: 1 },
];
const keys = (available: number) => fitting(columns, available).map(({ key }) => key).join(" ");

describe("columns", () => {
  it("leave one after the other, and the names never", () => {
    expect(keys(1_000)).toBe("time who result ring members talk");
    expect(keys(605), "62 + 12 pixels too many").toBe("time who result ring talk");
    expect(keys(500)).toBe("time who result talk");
    expect(keys(450)).toBe("time who result");
    expect(keys(100), "what never leaves is cut rather").toBe("time who result");
  });
  it("are as wide as their titles and chips", () => {
    expect(needed({ width: 50, title: "Members" }, measure)).toBe(50);
    expect(needed({ width: 30, title: "Members" }, measure)).toBe(47);
    expect(needed({ width: 30, title: "Type", words: ["Group"], beside: 22 }, measure)).toBe(63);
    expect(needed({ width: 30, title: "Result", chips: ["Missed", "Interrupted"] }, measure)).toBe(89);
  });
  it("share what is left over", () => {
    expect(template(columns.slice(0, 3))).toBe("minmax(0, 66px) minmax(120px, 1fr) minmax(0, 94px)");
  });
});
