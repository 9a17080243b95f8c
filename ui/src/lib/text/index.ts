/** Every word on the screen, in the language of this window. A language is an object of the same shape, complete by its type. */
import { en } from "./en";
import { isPseudo, language, locale } from "./language";
import { pseudo } from "./pseudo";
import { zh } from "./zh";

/** The shape of a language. */
export type Text = typeof en;

const languages: Record<typeof language, Text> = { en, zh };

export const text: Text = isPseudo ? { ...pseudo(en), punctuation: en.punctuation, times: en.times } : languages[language];

const number = new Intl.NumberFormat(locale);

/** `1,234`. */
export const grouped = (n: number): string => number.format(n);

/** A word for a code; the code itself where Tencent (or a newer Calltrail) says something that is not known here. */
export function word(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}
