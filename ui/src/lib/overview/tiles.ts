/** The figures of today, each with what it was a week ago. */
import type { api } from "../api/client";
import type { Compared, Figures, Filter } from "../api/types";
import { locale } from "../text/language";

/** One figure. */
export interface Tile {
  name: "calls" | "answer_rate" | "unanswered" | "ring" | "talk";
  value: number | null;
  /** The same of the earlier period. */
  was: number | null;
  unit: "calls" | "rate" | "seconds";
  /** Which calls it is made of: `yes`, `no`, or all of them. */
  answered: "" | "yes" | "no";
  /** True where more of it is better. */
  better: boolean;
}

const of = (figures: Figures | Compared) => ({
  calls: figures.calls,
  answer_rate: figures.answer_rate,
  unanswered: figures.unanswered,
  ring: figures.ring.median,
  talk: figures.talk.sum,
});

/**
 * Of all of a day, as its list has it, beside the same time of the week before: what has no end is compared until now, so a day that
 * goes on is not compared with a whole one.
 */
export async function figuresOfToday(ask: typeof api.figures, day: Filter, signal: AbortSignal): Promise<Figures> {
  const untilNow = { ...day };
  delete untilNow.to;
  const [figures, { compared }] = await Promise.all([ask(day, undefined, signal), ask(untilNow, "week", signal)]);
  return { ...figures, compared };
}

/** Every figure of today; where nothing is compared, none was anything. */
export function tiles(figures: Figures): Tile[] {
  const [is, was] = [of(figures), figures.compared === null ? undefined : of(figures.compared)];
  const tile = (name: Tile["name"], unit: Tile["unit"], answered: Tile["answered"], better: boolean): Tile => ({
    name,
    value: is[name],
    was: was?.[name] ?? null,
    unit,
    answered,
    better,
  });
  return [
    tile("calls", "calls", "", true),
    tile("answer_rate", "rate", "yes", true),
    tile("unanswered", "calls", "no", false),
    tile("ring", "seconds", "yes", false),
    tile("talk", "seconds", "yes", true),
  ];
}

const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

/** `87.5%`, of a part between 0 and 1. */
export const percent = (part: number): string => percents.format(part);

const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** `4.5`, of how far two such parts are from each other. */
export const points = (by: number): string => decimals.format(by * 100);
