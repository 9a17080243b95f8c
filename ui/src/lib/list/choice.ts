/** What a person chose of a list's columns, as it is remembered: names of columns, which a later version may no longer have. */
import { LEAST } from "./columns";

export interface Choice {
  /** All columns there were when a person put them in order; none where nobody did. */
  order: readonly string[];
  /** Those that a person hid, or asked for. */
  shown: Readonly<Record<string, boolean>>;
  /** In pixels, of those that a person sized. */
  widths: Readonly<Record<string, number>>;
}

export const UNCHANGED: Choice = { order: [], shown: {}, widths: {} };

/** Wider than any screen is a mistake. */
const MOST = 2_000;

const entriesOf = (value: unknown) => (typeof value === "object" && value !== null ? Object.entries(value) : []);

/** Reads what was remembered; what is not understood is as if it had not been chosen. */
export function readChoice(json: string): Choice {
  try {
    const read = Object.fromEntries(entriesOf(JSON.parse(json)));
    const order = Array.isArray(read.order) ? read.order.filter((key) => typeof key === "string") : [];
    const shown = Object.fromEntries(entriesOf(read.shown).filter(([, value]) => typeof value === "boolean"));
    const widths = Object.fromEntries(entriesOf(read.widths).filter(([, value]) => Number.isInteger(value) && value >= LEAST && value <= MOST));
    return { order: [...new Set(order)], shown, widths };
  } catch {
    return UNCHANGED;
  }
}

/** Nothing where nothing was chosen. */
export function writeChoice(choice: Choice): string {
  const isChanged = choice.order.length > 0 || entriesOf(choice.shown).length > 0 || entriesOf(choice.widths).length > 0;
  return isChanged ? JSON.stringify(choice) : "";
}

/** The columns in the order that was chosen; those that are newer than the choice stand behind the one they are described behind. */
export function arranged<Kind extends { key: string }>(columns: readonly Kind[], order: readonly string[]): Kind[] {
  const out = order.flatMap((key) => columns.find((column) => column.key === key) ?? []);
  for (const [at, column] of columns.entries()) {
    if (out.includes(column)) continue;
    const before = columns[at - 1];
    out.splice(before === undefined ? 0 : out.indexOf(before) + 1, 0, column);
  }
  return out;
}

/** With this one in the place of another, which makes room towards where it came from. */
export function moved(order: readonly string[], key: string, place: string): string[] {
  const out = order.filter((one) => one !== key);
  out.splice(order.indexOf(place), 0, key);
  return out;
}
