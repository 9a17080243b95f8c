import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { language } from "../text/language";
import { type ExportChoice, readChoice, requestOf, separatorOf, writeChoice } from "./choice";

const CHOICE: ExportChoice = { format: "csv", profile: "spreadsheet", time_format: "local", headings: "names", separator: undefined };

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("the headings", () => {
  it("are names for programs, until somebody chooses words", () => {
    expect(requestOf("calls", readChoice(), {}).headings).toBe("names");
    writeChoice({ ...CHOICE, headings: "words" });
    expect(requestOf("calls", readChoice(), {}).headings, "in the language of the window").toBe(language);
  });
});

describe("the separator", () => {
  it.each([
    ["en-GB", "comma"],
    ["zh-CN", "comma"],
    ["de-DE", "semicolon"],
    ["fr", "semicolon"],
    ["es-MX", "comma"],
    ["de-CH", "comma"],
    ["not a language", "comma"],
  ])("of a spreadsheet in %s is a %s", (language, separator) => {
    expect(separatorOf(CHOICE, language)).toBe(separator);
  });
  it("of a program is a comma in every language", () => {
    expect(separatorOf({ ...CHOICE, profile: "programs" }, "de-DE")).toBe("comma");
  });
  it("is what somebody chose, also the next time", () => {
    expect(readChoice().separator, "nothing is chosen at first").toBeUndefined();
    writeChoice({ ...CHOICE, separator: "tab" });
    expect(readChoice()).toEqual({ ...CHOICE, separator: "tab" });
    expect(separatorOf(readChoice(), "de-DE")).toBe("tab");
    expect(requestOf("calls", readChoice(), {}).separator, "and is asked for").toBe("tab");
    writeChoice(CHOICE);
    expect(readChoice(), "the usual one can be had again").toEqual(CHOICE);
  });
});
