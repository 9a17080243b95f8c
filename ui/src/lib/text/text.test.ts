import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { en } from "./en";
import { languageOf } from "./language";
import { pseudo } from "./pseudo";
import { zh } from "./zh";

/** Every sentence by its place, such as `calls.columns.who`. */
function sentences(texts: object, place = ""): [string, unknown][] {
  return Object.entries(texts).flatMap(([key, value]) => {
    const here = place === "" ? key : `${place}.${key}`;
    return typeof value === "object" && value !== null ? sentences(value, here) : [[here, value] as [string, unknown]];
  });
}

/** Without those that only put others together, and those of codes, whose arguments have shapes: `said.test.ts` examines these. */
const own = (texts: object) => sentences(texts).filter(([place]) => !/^(punctuation|subscription|tencent|reasons|problems|known)\./.test(place));
const places = (texts: object) =>
  sentences(texts)
    .map(([place]) => place)
    .sort();
/** What a sentence says, with arguments that no sentence has of itself. */
const said = (value: unknown) => String(typeof value === "function" ? value(...["7", "8", "9", "6"]) : value);

describe("the languages", () => {
  it("have the same sentences", () => {
    expect(places(zh), "a key that one language has alone is never shown, or is missing").toEqual(places(en));
  });
  it("have none that says nothing where the other says something", () => {
    const english = new Map(sentences(en));
    const empty = own(zh).filter(([place, value]) => (said(value) === "") !== (said(english.get(place)) === ""));
    expect(empty.map(([place]) => place)).toEqual([]);
  });
  it("have the same slots", () => {
    const slots = (value: unknown) => [...said(value).matchAll(/\{\w+\}/g)].map(String).sort();
    const english = new Map(sentences(en));
    const others = own(zh).filter(([place, value]) => slots(value).join() !== slots(english.get(place)).join());
    expect(others.map(([place]) => place)).toEqual([]);
  });
  it("are not left in English", () => {
    // Names, examples and what Tencent calls it stay as they are.
    const same = own(zh).filter(([place, value]) => /[a-z]{3}/.test(said(value)) && said(value) === said(new Map(sentences(en)).get(place)));
    const NAMES =
      /^(product$|products\.rtc|families\.|ways\.names|protocols\.|settings\.(app|languages|publicPlaceholder)|apps\.(hostPlaceholder|administratorDefault|kinds\.\w+\.name)|backups\.command|calls\.sources\.v1|undo\.key|links\.guide\.programs\.\d\.name|callbacks\.(rtc\.name|forward\.placeholder)|exports\.)/;
    expect(same.map(([place]) => place).filter((place) => !NAMES.test(place))).toEqual([]);
  });
});

describe("the sentences", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !/\.test\.ts$|^lib\/text\/|schema\.d\.ts$/.test(file))
    .map((file) => readFileSync(join("src", file), "utf8"));
  const all = sources.join("\n");
  /** True where a part of the texts is used as a whole, by code: `word(text.actions, …)`, `text.nav[…]`. */
  const whole = new Map<string, boolean>();
  function isUsedWhole(place: string): boolean {
    const is = whole.get(place) ?? new RegExp(`text\\.${place.replaceAll(".", "\\.")}(?![\\w.])`).test(all);
    whole.set(place, is);
    return is;
  }

  it("are all used", () => {
    const unused = places(en).filter((place) => {
      const parts = place.split(".");
      const whole = parts.some((_, at) => at > 0 && isUsedWhole(parts.slice(0, at).join(".")));
      // By its whole place, or by the end of it where a part of the texts has a name of its own.
      return !whole && !new RegExp(`\\b${["text", ...parts].slice(-2).join("\\.")}\\b`).test(all);
    });
    expect(unused, "nobody reads them").toEqual([]);
  });
});

describe("the language of a window", () => {
  it.each([
    [["zh-CN", "en"], "zh"],
    [["ZH-Hant-TW"], "zh"],
    [["de-DE", "zh"], "zh"],
    [["en-US"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ] as const)("of a system that speaks %j is %s", (system, language) => {
    expect(languageOf("system", system)).toBe(language);
  });
  it("is the one that was chosen", () => {
    expect(languageOf("en", ["zh-CN"])).toBe("en");
  });
});

describe("texts that are made longer", () => {
  it("keep their slots and what functions are given", () => {
    expect(pseudo({ a: "Most: {n}", b: (n: number) => `${n} calls`, c: "" }), "an empty one stays empty").toMatchObject({ a: "⟦Möšt: {n}~~⟧", c: "" });
    expect(pseudo((n: number) => `${n} calls`)(3)).toBe("⟦3 çállš~⟧");
  });
});
