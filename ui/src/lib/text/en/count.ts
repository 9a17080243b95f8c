import { spans } from "../span";

const plural = new Intl.PluralRules("en");
const number = new Intl.NumberFormat("en");

/** `1,234`. */
export const grouped = (n: number): string => number.format(n);

/** `1 call`, `1,234 calls`. */
export function count(n: number, one: string, many: string): string {
  return `${grouped(n)} ${plural.select(n) === "one" ? one : many}`;
}

/** `2 hours 1 minute`: a length of time, from seconds. */
export const inWords = spans("en");
