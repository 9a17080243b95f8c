/** Characters that are not seen, or that change how their neighbours are shown: controls, bidi marks, zero-width, line and paragraph separators, tags, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

/** The text with every such character written out as `\u{200E}`, so that two ids that look alike are alike. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (found) => {
    if (found === "\n") return "\\n";
    if (found === "\t") return "\\t";
    if (found === "\r") return "\\r";
    return `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}}`;
  });
}

/** The same for a body of several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.split(/(\r?\n|\t)/).map((part, i) => (i % 2 === 1 ? part.replace("\r", "") : visible(part))).join("");
}
