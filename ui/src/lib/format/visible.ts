/**
 * Characters that are not seen, or that change how their neighbours are shown: controls, bidi marks, zero-width and blank
 * ones, line and paragraph separators, tags, selectors of a variant, lone surrogates.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{034F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{2800}\u{3164}\u{FE00}-\u{FE0E}\u{FFA0}\u{E0100}-\u{E01EF}]|(?<!\p{Emoji})\u{FE0F}/gu;
/** More marks than this upon one letter would cover the lines above and below. */
const PILE = /(?<=\p{M}{4})\p{M}+/gu;
/** Spaces that look like another one, or like none: not the usual one, at an end, or one after another. */
const GAP = /[^\S \u{3000}]|^[ \u{3000}]|[ \u{3000}]$|(?<=[ \u{3000}])[ \u{3000}]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u{0590}-\u{08FF}\u{FB1D}-\u{FDFF}\u{FE70}-\u{FEFC}\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** So many short texts are kept as they are shown. */
const MOST = 2_000;
const LONG = 200;
const shown = new Map<string, string>();

/** The text with every such character written out as `\u{200E}`, so that two ids that look alike are alike. */
export function visible(text: string): string {
  const known = shown.get(text);
  if (known !== undefined) return known;
  // The same few names stand in every row that is passed by.
  if (shown.size >= MOST) shown.clear();
  const made = line(text.replace(GAP, escaped));
  if (text.length <= LONG) shown.set(text, made);
  return made;
}

/** The same for a body of several lines: line ends, tabs and spaces stay. */
export function visibleLines(text: string): string {
  return text
    .split(/(\r?\n|\t)/)
    .map((part, i) => (i % 2 === 1 ? part.replace("\r", "") : line(part)))
    .join("");
}

/**
 * The same for a place without elements: a tool tip, or a name in the middle of a sentence. What is written from right to left
 * is set apart with U+2068 and U+2069, so that it cannot change the order of what stands beside it.
 */
export function isolated(text: string): string {
  const shown = visible(text);
  return runsRightToLeft(shown) ? `\u2068${shown}\u2069` : shown;
}

/** The same for a sentence in which names may be set apart already (`isolated`): they stay so. */
export function visibleSentence(text: string): string {
  return text.replace(/\u2068([^\u2066-\u2069]*)\u2069|[^\u2068]+|\u2068/gu, (part, apart?: string) =>
    apart === undefined ? part.replace(HIDDEN, escaped) : `\u2068${visible(apart)}\u2069`,
  );
}

export function runsRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

function line(text: string): string {
  return text.replace(PILE, (marks) => [...marks].map(escaped).join("")).replace(HIDDEN, escaped);
}

function escaped(found: string): string {
  return SHORT[found] ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}}`;
}
