/** Every word on the screen, in the language of this window. A language is an object of the same shape, complete by its type. */
import type { en } from "./en";
import { isPseudo, language, locale } from "./language";

/** The shape of a language. */
export type Text = typeof en;

/** Set once, before anything that has words is loaded: a window needs one language alone. */
export let text: Text;

/** Loads the language of this window. */
export async function loadText(): Promise<void> {
  if (language === "zh") ({ zh: text } = await import("./zh"));
  else ({ en: text } = await import("./en"));
  if (!isPseudo) return;
  const { pseudo } = await import("./pseudo");
  text = { ...pseudo(text), punctuation: text.punctuation, times: text.times };
}

const number = new Intl.NumberFormat(locale);

/** `1,234`. */
export const grouped = (n: number): string => number.format(n);

/** A word for a code; the code itself where Tencent (or a newer Calltrail) says something that is not known here. */
export function word(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}
