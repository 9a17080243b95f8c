// The hostile texts, and what a person should see of each. The list is payloads.json; there a long one is written as what is
// repeated, and one that is no whole Unicode text as the JSON that carries it.
import { readFileSync } from "node:fs";

const GROUPS = JSON.parse(readFileSync(new URL("payloads.json", import.meta.url), "utf8"));

/** How a payload is written as a JavaScript string. */
function read(entry) {
  if (typeof entry === "string") return entry;
  return "repeat" in entry ? entry.repeat.repeat(entry.times) : JSON.parse(`"${entry.json}"`);
}

/** Every payload with its group; harmless ones of the same number where that is asked for. */
export function payloads(harmless = false) {
  const all = Object.entries(GROUPS).flatMap(([group, entries]) => entries.map((entry) => ({ group, text: read(entry) })));
  return harmless ? all.map((_, i) => ({ group: "harmless", text: `harmless-${i}` })) : all;
}

// What nobody can see, or what changes its neighbours; written a second time here, on purpose not shared with the interface.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u17B4\u17B5\u180B-\u180F\u2800\u{FE00}-\u{FE0E}\u{E0100}-\u{E01EF}]/u;
/** More marks than this upon one letter are written out: they would cover the lines above and below. */
export const MOST_MARKS = 4;
const SHORT = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
/** Chooses how an emoji is drawn; after anything else it is as unseen as the others. */
const EMOJI_STYLE = "\uFE0F";
const escaped = (sign) => SHORT[sign] ?? `\\u{${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}}`;

/** What should stand on the screen for a text from outside. */
export function shown(text) {
  const signs = [...text];
  let marks = 0;
  return signs
    .map((sign, i) => {
      marks = /\p{M}/u.test(sign) ? marks + 1 : 0;
      const isGap = /\p{Zs}/u.test(sign) && (sign !== " " || i === 0 || i === signs.length - 1 || signs[i - 1] === " ");
      const isStray = sign === EMOJI_STYLE && !/\p{Emoji}/u.test(signs[i - 1] ?? "");
      return UNSEEN.test(sign) || isStray || marks > MOST_MARKS || isGap ? escaped(sign) : sign;
    })
    .join("");
}

/** The text as a record keeps it: halves of characters cannot be kept, and are marked. */
export const kept = (text) => text.toWellFormed();
