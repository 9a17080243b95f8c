import { spans } from "../span";

const number = new Intl.NumberFormat("zh-CN");

/** `1,234`. */
export const grouped = (n: number): string => number.format(n);

/** `1,234 个通话`: a number with its measure word and what is counted. */
export function count(n: number, what: string): string {
  return `${grouped(n)} ${what}`;
}

/** `2小时1分钟`: a length of time, from seconds. */
export const inWords = spans("zh-CN");
