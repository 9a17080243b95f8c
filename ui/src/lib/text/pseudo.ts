/** English that is 40 % longer, accented and in brackets: what is clipped, glued together or not translated is seen at once. */
const ACCENTED: Readonly<Record<string, string>> = {
  a: "á",
  c: "ç",
  e: "é",
  g: "ğ",
  i: "í",
  n: "ñ",
  o: "ö",
  s: "š",
  u: "ü",
  y: "ý",
  A: "Å",
  C: "Ç",
  E: "É",
  I: "Î",
  N: "Ñ",
  O: "Ö",
  S: "Š",
  U: "Û",
};

/** Places of slots and arguments stay as they are. */
const KEPT = /(\{\w+\}|<[^>]*>)/;

function longer(words: string): string {
  if (words === "") return words;
  const accented = words.split(KEPT).map((part, at) => (at % 2 === 1 ? part : part.replace(/[a-zA-Z]/g, (letter) => ACCENTED[letter] ?? letter)));
  const more = Math.max(0, Math.ceil(words.length * 0.4) - 2);
  // In pieces, because a line may break between words only.
  const padding = Array.from({ length: more }, (_, at) => (at % 7 === 6 ? " " : "~")).join("");
  return `⟦${accented.join("")}${padding}⟧`;
}

/** The same texts, each sentence made longer; what a function answers too. */
export function pseudo<Shape>(texts: Shape): Shape {
  if (typeof texts === "string") return longer(texts) as Shape;
  if (typeof texts === "function") return ((...given: unknown[]) => pseudo(texts(...given))) as Shape;
  if (Array.isArray(texts)) return texts.map((one: unknown) => pseudo(one)) as Shape;
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, pseudo(value)])) as Shape;
}
