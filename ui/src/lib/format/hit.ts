/** Where a search found what it looked for, in the text as it is shown. */

/** One sign, or one that is written out because it cannot be seen. */
const SIGNS = /\\u\{[0-9A-F]+\}|./gsu;
const MARK = /^\p{M}/u;

/** What all spellings of a text have in common, as the search has it (`src/store/case_fold.rs`), sign by sign. */
function folded(sign: string): string {
  // What is written out is not looked for.
  if (sign.length > 2 && sign.startsWith("\\u{")) return "";
  return sign.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase().replace("i\u0307", "i");
}

/** From where to where the first of what is looked for stands in a text; undefined where none does. */
export function hitIn(shown: string, sought: readonly string[]): [from: number, to: number] | undefined {
  const needles = sought.map((one) => [...one.trim()].map(folded).join("")).filter((needle) => needle !== "");
  if (needles.length === 0) return undefined;
  let whole = "";
  /** Where each part of the folded text comes from. */
  const places: [from: number, to: number][] = [];
  for (const { 0: sign, index } of shown.matchAll(SIGNS)) {
    const fold = folded(sign);
    whole += fold;
    for (let at = 0; at < fold.length; at += 1) places.push([index, index + sign.length]);
  }
  for (const needle of needles) {
    const at = whole.indexOf(needle);
    const [first, last] = [places[at], places[at + needle.length - 1]];
    // A letter without its mark is another one.
    if (at >= 0 && first && last && !MARK.test(whole.slice(at + needle.length))) return [first[0], last[1]];
  }
  return undefined;
}
