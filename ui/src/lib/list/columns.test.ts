import { describe, expect, it } from "vitest";

import { borderOf, fitting, granted, most, needed, type Sized, template } from "./columns";

const measure = { title: (words: string) => words.length * 6.5, cell: (words: string) => words.length * 8 };
const columns: Sized[] = [
  { key: "time", width: 66 },
  { key: "who", width: 180, share: 1, about: true },
  { key: "result", width: 94 },
  { key: "ring", width: 52, leaves: 2 },
  { key: "members", width: 62, leaves: 3 },
  { key: "talk", width: 60, leaves: 1 },
];
const keys = (available: number, of = columns) =>
  fitting(of, available)
    .map(({ key }) => key)
    .join(" ");
/** With some of them as a person left them. */
const changed = (changes: Record<string, Partial<Sized>>) => columns.map((column) => ({ ...column, ...changes[column.key] }));

describe("columns", () => {
  it("leave one after the other, and the names never", () => {
    expect(keys(1_000)).toBe("time who result ring members talk");
    expect(keys(625), "1 pixel too few").toBe("time who result ring talk");
    expect(keys(500)).toBe("time who result talk");
    expect(keys(450)).toBe("time who result");
    expect(keys(100), "what never leaves is cut rather").toBe("time who result");
  });
  it("stay when a person asked for them, as long as there are others", () => {
    const asked = changed({ members: { asked: true } });
    expect(keys(625, asked)).toBe("time who result members talk");
    expect(keys(500, asked)).toBe("time who result members");
    expect(keys(450, asked)).toBe("time who result");
    expect(keys(500, changed({ members: { asked: true }, ring: { asked: true } })), "the least of those that were asked for leaves then").toBe(
      "time who result ring",
    );
  });
  it("are as wide as their titles and chips", () => {
    expect(needed({ width: 50, title: "Members" }, measure)).toBe(50);
    expect(needed({ width: 30, title: "Members" }, measure)).toBe(47);
    expect(needed({ width: 30, title: "Type", words: ["Group"], beside: 22 }, measure)).toBe(63);
    expect(needed({ width: 30, title: "Result", chips: ["Missed", "Interrupted"] }, measure)).toBe(89);
  });
  it("share what is left over", () => {
    expect(template(columns.slice(0, 3))).toBe("minmax(0px, 66px) minmax(120px, 1fr) minmax(0px, 94px)");
  });
  it("keep something of what a row is about when a person sized it", () => {
    expect(template([{ key: "who", width: 400, about: true }])).toBe("minmax(120px, 400px)");
    expect(template([{ key: "who", width: 80, about: true }]), "but no more than the person wanted").toBe("minmax(80px, 80px)");
  });
});

describe("a column that is made wider", () => {
  it("is so wide where there is room, and no other leaves for it", () => {
    const wider = changed({ time: { wish: 100 }, talk: { wish: 90 } });
    const widths = (available: number) =>
      granted(fitting(wider, available), available)
        .map(({ key, width }) => `${key} ${width}`)
        .join(" ");
    expect(widths(1_000)).toBe("time 100 who 180 result 94 ring 52 members 62 talk 90");
    expect(widths(670), "44 pixels are left over").toBe("time 100 who 180 result 94 ring 52 members 62 talk 70");
    expect(widths(626)).toBe("time 66 who 180 result 94 ring 52 members 62 talk 60");
  });
  it("takes what the others can spare, and makes none of them leave", () => {
    // 514 of columns, 60 between them, 52 at the ends.
    expect(most(columns, "ring", 700)).toBe(52 + 74);
    expect(most(columns, "ring", 500), "it is not made narrower where there is too little room").toBe(52);
  });
});

describe("the border behind a column", () => {
  const rooms: Sized[] = [
    { key: "first", width: 66 },
    { key: "room", width: 180, share: 1.4, about: true },
    { key: "product", width: 92 },
    { key: "owner", width: 140, share: 1 },
    { key: "state", width: 74 },
  ];
  it("sizes the column before it, where one behind it gives way", () => {
    expect(borderOf(columns, 0)).toEqual({ key: "time", grows: 1, keep: [] });
    expect(borderOf(rooms, 1)).toEqual({ key: "room", grows: 1, keep: [] });
    expect(borderOf(rooms, 2), "and those before it stay as they are").toEqual({ key: "product", grows: 1, keep: ["room"] });
  });
  it("else sizes the column behind it", () => {
    expect(borderOf(columns, 1)).toEqual({ key: "result", grows: -1, keep: [] });
    expect(borderOf(rooms, 3)).toEqual({ key: "state", grows: -1, keep: [] });
    expect(borderOf(columns, 5), "there is none behind the last one").toBeUndefined();
  });
  it("sizes the column before it, where none gives way", () => {
    const fixed = rooms.map(({ key, width }) => ({ key, width }));
    expect(borderOf(fixed, 3)).toEqual({ key: "owner", grows: 1, keep: [] });
    expect(borderOf(fixed, 4)).toEqual({ key: "state", grows: 1, keep: [] });
  });
});
