import type { CallRow } from "../api/types";
import { hitIn } from "../format/hit";
import { visible } from "../format/visible";
import { partiesOf, type Party } from "../people/naming";

/** True where a text has what was looked for. */
export const isIn = (value: string, sought: readonly string[]): boolean => hitIn(visible(value), sought) !== undefined;

/** True where somebody has it, in the name or in the id. */
export const isFound = ({ user, name }: Party, sought: readonly string[]): boolean => isIn(name, sought) || isIn(user, sought);

/** Whom a call was for: the callees, and where none are known whoever else was in it. */
export function othersOf(call: CallRow): Party[] {
  return call.callees.length > 0 ? partiesOf(call.callees, call.callee_names) : partiesOf(call.others, call.other_names);
}

/** Who is named in a row: the first few, and whoever was looked for instead of the last of them. */
export function named(people: readonly Party[], most: number, sought: readonly string[]): { shown: Party[]; hidden: Party[] } {
  const shown = people.slice(0, most);
  const isSought = (one: Party) => isFound(one, sought);
  const found = people.slice(most).find(isSought);
  if (found !== undefined && !shown.some(isSought)) shown.splice(most - 1, 1, found);
  return { shown, hidden: people.filter((one) => !shown.includes(one)) };
}

/** So much of a note stands before what was found in it. */
const BEFORE = 16;

/** The part of a text around what was found in it: a note is longer than a row. */
export function partWith(value: string, sought: readonly string[]): string {
  const line = value.split("\n").find((one) => isIn(one, sought)) ?? value;
  const hit = hitIn(line, sought);
  return hit === undefined || hit[0] <= BEFORE ? line : `…${[...line.slice(0, hit[0])].slice(-BEFORE).join("")}${line.slice(hit[0])}`;
}
