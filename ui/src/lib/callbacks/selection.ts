import type { Brought, CallbackPreset, CatalogueProduct, Command } from "../api/types";

/** The callbacks of a product, in the order of its groups. */
export const commandsOf = (product: CatalogueProduct): Command[] => product.groups.flatMap((group) => group.commands);

/** A callback of the catalogue; undefined for a word that it does not know. */
export const find = (product: CatalogueProduct, word: string): Command | undefined => commandsOf(product).find((one) => one.command === word);

/** What a preset switches on. */
export const presetWords = (product: CatalogueProduct, preset: CallbackPreset): string[] =>
  commandsOf(product)
    .filter((one) => one.presets.includes(preset))
    .map((one) => one.command);

/** Whether Tencent's users wait for the answer to it: also a word that the catalogue does not know, by its name. */
export function asksPermission(product: CatalogueProduct, word: string): boolean {
  const known = find(product, word);
  return known ? known.kind === "before" : word.includes(".CallbackBefore");
}

/** The chosen ones that keep another one on: a room's end stays on while its member changes are. */
export const holders = (product: CatalogueProduct, chosen: ReadonlySet<string>, word: string): Command[] =>
  commandsOf(product).filter((one) => chosen.has(one.command) && one.command !== word && one.brings.some((brought) => brought.command === word));

/** Why some of these words have to be on: others of them need it. */
export function reasons(product: CatalogueProduct, words: readonly string[]): Brought[] {
  const on = new Set(words);
  return commandsOf(product)
    .filter((one) => on.has(one.command))
    .flatMap((one) => one.brings)
    .filter((brought, i, all) => on.has(brought.command) && all.findIndex((other) => other.command === brought.command) === i);
}

/** Switches one on, with everything that has to be on with it. */
export function turnOn(product: CatalogueProduct, chosen: ReadonlySet<string>, word: string): Set<string> {
  const next = new Set(chosen);
  const waiting = [word];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    next.add(one);
    waiting.push(...(find(product, one)?.brings ?? []).map((brought) => brought.command).filter((brought) => !next.has(brought)));
  }
  return next;
}

/** Switches one off; nothing changes while another one needs it. */
export function turnOff(product: CatalogueProduct, chosen: ReadonlySet<string>, word: string): Set<string> {
  const next = new Set(chosen);
  if (holders(product, chosen, word).length === 0) next.delete(word);
  return next;
}

/** Words that are on at Tencent, or chosen, and that the catalogue does not know. */
export const unknownWords = (product: CatalogueProduct, words: Iterable<string>): string[] =>
  [...new Set(words)].filter((word) => find(product, word) === undefined);

/** The chosen words in the order of the catalogue, those that it does not know last: the same choice is the same list. */
export function inOrder(product: CatalogueProduct, chosen: ReadonlySet<string>): string[] {
  const known = commandsOf(product)
    .map((one) => one.command)
    .filter((word) => chosen.has(word));
  return [...known, ...unknownWords(product, chosen).sort()];
}

export const sameWords = (one: readonly string[], other: readonly string[]): boolean => {
  const words = new Set(one);
  return words.size === new Set(other).size && other.every((word) => words.has(word));
};

/** The smallest preset that is exactly this choice. */
export const presetOf = (product: CatalogueProduct, presets: readonly CallbackPreset[], words: readonly string[]): CallbackPreset | undefined =>
  words.length === 0 ? undefined : presets.find((preset) => sameWords(presetWords(product, preset), words));
