import { hitIn } from "../format/hit";
import { visible } from "../format/visible";

/** Who is named in a row: the first few, and whoever was looked for instead of the last of them. */
export function named(users: readonly string[], most: number, sought: readonly string[]): { shown: string[]; hidden: string[] } {
  const shown = users.slice(0, most);
  const isSought = (user: string) => hitIn(visible(user), sought) !== undefined;
  const found = users.slice(most).find(isSought);
  if (found !== undefined && !shown.some(isSought)) shown.splice(most - 1, 1, found);
  return { shown, hidden: users.filter((user) => !shown.includes(user)) };
}
