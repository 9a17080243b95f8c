/** From here on somebody would rather type than read. */
export const MANY = 12;

/** One of many that can be chosen. */
export interface Named {
  code: string;
  words: string;
  /** How many rows it would give, where that is known. */
  rows?: number;
}

/** Width, case and accents do not matter to who looks for something. */
const plain = (words: string) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Those in whose words, or code, each of the typed words is somewhere; those that begin with them come first. */
export function matching(choices: readonly Named[], typed: string): readonly Named[] {
  const parts = plain(typed)
    .split(/\s+/u)
    .filter((part) => part !== "");
  if (parts.length === 0) return choices;
  const found = choices.filter(({ code, words }) => {
    const all = plain(`${words} ${code}`);
    return code !== "" && parts.every((part) => all.includes(part));
  });
  const begins = ({ words }: Named) => plain(words).startsWith(parts.join(" "));
  return [...found.filter(begins), ...found.filter((one) => !begins(one))];
}
