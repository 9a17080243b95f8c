import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

/** The colours of a theme; the dark one says only what differs. */
function colours(theme: "light" | "dark"): Record<string, string> {
  const [light = "", dark = ""] = css.split(':root[data-theme="dark"]');
  return Object.fromEntries(
    [...(theme === "light" ? light : light + dark).matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast ratio, 1 to 21. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Every ink stands on every ground that a row, a panel or a field can have; a tone stands on its own ground. */
const GROUNDS = ["back", "back-side", "back-sunk", "back-hover", "back-chosen", "back-raised"];
const TONES = ["good", "bad", "warn", "info", "calm", "orange", "yellow", "teal", "purple", "pink"];

it.each(["light", "dark"] as const)("every text can be read on every ground, %s", (theme) => {
  const of = colours(theme);
  const pairs = [
    ...["ink", "ink-2", "ink-3"].flatMap((ink) => GROUNDS.map((ground) => [ink, ground])),
    ...TONES.map((tone) => [tone, `${tone}-back`]),
    ...["accent", "accent-hover", "bad", "bad-hover"].map((button) => ["on-accent", button]),
  ];
  const faint = pairs
    .map(([ink = "", ground = ""]) => ({ ink, ground, ratio: contrast(of[ink] ?? "#000000", of[ground] ?? "#000000") }))
    .filter(({ ratio }) => ratio < 4.5);
  expect(faint, "below 4.5:1, WCAG's level AA").toEqual([]);
});

it("measures as WCAG does", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});
