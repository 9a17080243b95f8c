import { describe, expect, it } from "vitest";

import { arranged, moved, readChoice, UNCHANGED, writeChoice } from "./choice";

const described = ["time", "who", "result", "talk"].map((key) => ({ key }));
const keys = (order: readonly string[], columns = described) =>
  arranged(columns, order)
    .map(({ key }) => key)
    .join(" ");

describe("columns in the order that a person chose", () => {
  it("are as described where nobody chose", () => {
    expect(keys([])).toBe("time who result talk");
    expect(keys(["talk", "who", "time", "result"])).toBe("talk who time result");
  });
  it("leave out what a later version does not have", () => {
    expect(keys(["talk", "gone", "who", "time", "result"])).toBe("talk who time result");
  });
  it("hold those that are new behind the ones they are described behind", () => {
    const later = ["new", "time", "who", "also new", "and this", "result", "talk"].map((key) => ({ key }));
    expect(keys(["talk", "who", "time", "result"], later)).toBe("new talk who also new and this time result");
  });
});

describe("a column that is put in the place of another", () => {
  it("stands behind it when it came from the left, before it when from the right", () => {
    expect(moved(["a", "b", "c", "d"], "a", "c")).toEqual(["b", "c", "a", "d"]);
    expect(moved(["a", "b", "c", "d"], "d", "b")).toEqual(["a", "d", "b", "c"]);
    expect(moved(["a", "b"], "a", "b")).toEqual(["b", "a"]);
  });
});

describe("what is remembered", () => {
  it("is read as it was written", () => {
    const choice = { order: ["who", "time"], shown: { talk: false, ring: true }, widths: { who: 320 } };
    expect(readChoice(writeChoice(choice))).toEqual(choice);
  });
  it("is nothing where nothing was chosen", () => {
    expect(writeChoice(UNCHANGED)).toBe("");
    expect(readChoice("")).toEqual(UNCHANGED);
  });
  it.each([
    ["no JSON", "{", UNCHANGED],
    ["something else", "[1]", UNCHANGED],
    ["nothing", "null", UNCHANGED],
    ["other kinds of values", '{"order":"who","shown":[],"widths":7}', UNCHANGED],
    ["names twice", '{"order":["who",3,"who","time"]}', { ...UNCHANGED, order: ["who", "time"] }],
    ["widths that are none", '{"widths":{"who":"9","time":12,"talk":1e9,"ring":80}}', { ...UNCHANGED, widths: { ring: 80 } }],
    ["what is neither shown nor hidden", '{"shown":{"who":1,"talk":false}}', { ...UNCHANGED, shown: { talk: false } }],
  ])("is not believed when it holds %s", (_, json, expected) => {
    expect(readChoice(json)).toEqual(expected);
  });
});
