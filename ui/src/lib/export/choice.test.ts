import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { language } from "../text/language";
import { type ExportChoice, forUse, known, readChoice, requestOf, separatorOf, shifted, toggled, viewOf, writeChoice } from "./choice";

const CHOICE: ExportChoice = { use: "spreadsheet", time_format: "local" };
const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a file", () => {
  it("is a workbook in the language of the window, until somebody chooses something else", () => {
    expect(requestOf("calls", readChoice("calls"), {})).toMatchObject({ format: "xlsx", headings: language, time_format: "local" });
  });
  it("has names for programs in other formats", () => {
    for (const use of ["spreadsheet", "programs"] as const)
      expect(requestOf("calls", { ...CHOICE, use }, {})).toMatchObject({ format: "csv", profile: use, headings: "names" });
    expect(requestOf("calls", { ...CHOICE, headings: "words" }, {}).headings, "unless words are chosen").toBe(language);
  });
  it("is remembered list by list", () => {
    writeChoice("calls", { ...CHOICE, columns: ["caller", "started"], separator: "tab" });
    expect(readChoice("calls")).toEqual({ ...CHOICE, columns: ["caller", "started"], separator: "tab", headings: undefined });
    expect(readChoice("rooms").use).toBe("xlsx");
    for (const nonsense of ["null", "{}", "[]", "nonsense", '{"use":"pdf","columns":[1]}']) {
      kept.set("calltrail.export.calls", nonsense);
      expect(readChoice("calls"), nonsense).toMatchObject({ use: "xlsx", time_format: "local" });
    }
  });
  it("has the chosen columns, unless it is always whole", () => {
    const choice: ExportChoice = { use: "jsonl", time_format: "local", columns: ["app"] };
    expect(requestOf("calls", choice, {}).columns).toEqual(["app"]);
    expect(requestOf("deliveries", choice, {}).columns).toBeUndefined();
    expect(requestOf("deliveries", { ...choice, use: "xlsx" }, {}).columns).toEqual(["app"]);
  });
});

describe("a view that was kept", () => {
  const view = {
    ...viewOf("calls", CHOICE, { team: "Support" }),
    columns: ["caller", "started"],
    headings: "zh" as const,
    separator: "tab" as const,
    time_format: "iso" as const,
    tz: "Pacific/Pago_Pago",
  };
  it("is the same in files for something else", () => {
    writeChoice("calls", { use: "programs", time_format: "local", columns: ["app"], separator: "comma", headings: "names" });
    for (const use of ["programs", "xlsx", "jsonl", "parquet"] as const)
      expect(forUse(view, use), use).toEqual({ ...view, format: use === "programs" ? "csv" : use, profile: use === "programs" ? use : "spreadsheet" });
    expect(forUse(forUse(view, "xlsx"), "programs"), "a workbook had no separator").toEqual({ ...view, profile: "programs", separator: "comma" });
  });
  it("has no columns where it is always whole", () => {
    const deliveries = { ...view, kind: "deliveries" as const };
    expect(forUse(deliveries, "jsonl").columns).toBeNull();
    expect(forUse(deliveries, "xlsx").columns).toEqual(view.columns);
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
    expect(separatorOf({ ...CHOICE, use: "programs" }, "de-DE")).toBe("comma");
  });
  it("is what somebody chose", () => {
    expect(separatorOf({ ...CHOICE, separator: "tab" }, "de-DE")).toBe("tab");
    expect(requestOf("calls", { ...CHOICE, separator: "tab" }, {}).separator, "and is asked for").toBe("tab");
  });
});

describe("the columns", () => {
  const ALL = ["a", "b", "c", "d"];
  it("can be left out and had again, behind the one that they follow", () => {
    expect(toggled(ALL, undefined, "b")).toEqual(["a", "c", "d"]);
    expect(toggled(ALL, ["d", "a"], "b")).toEqual(["d", "a", "b"]);
    expect(toggled(ALL, ["d"], "a")).toEqual(["a", "d"]);
    expect(toggled(ALL, ["a", "c", "d"], "b"), "all of them is no choice").toBeUndefined();
    expect(toggled(ALL, ["c"], "c"), "one stays").toEqual(["c"]);
  });
  it("can be put in another order", () => {
    expect(shifted(ALL, undefined, "a", 1)).toEqual(["b", "a", "c", "d"]);
    expect(shifted(ALL, ["b", "a", "c", "d"], "a", -1)).toBeUndefined();
    expect(shifted(ALL, ["b", "c"], "b", -1), "there is nothing above").toEqual(["b", "c"]);
    expect(shifted(ALL, ["b", "c"], "d", -1), "nor for one that is left out").toEqual(["b", "c"]);
  });
  it("are those that there are", () => {
    expect(known(ALL, ["gone", "c"])).toEqual(["c"]);
    expect(known(ALL, ["gone"])).toEqual(ALL);
  });
});
