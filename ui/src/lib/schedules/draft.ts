import type { ExportKind, SchedulePlan } from "../api/types";
import { readChoice, viewOf } from "../export/choice";
import { pad } from "../format/day";
import { text } from "../text";

export const EVERY = ["day", "week", "month"] as const;
/** Lists that have a time to be of a period by; people and what they added have none. */
export const KINDS = ["calls", "members", "rooms", "stays", "deliveries", "cases"] as const satisfies readonly ExportKind[];

/** Which rows of a list. */
type Rows = NonNullable<SchedulePlan["view"]["filter"]>;

/** What a form begins with: a workbook of each day's calls, or as that list is exported otherwise. */
export function draftOf(kind: ExportKind = "calls", filter: Rows = {}): SchedulePlan {
  return {
    name: nameOf(kind, "day"),
    view: viewOf(kind, readChoice(kind), { ...filter, from: null, to: null }),
    every: "day",
    at: "07:00",
    folder: "",
    file_name: "{list} {from}",
    keep: null,
  };
}

const nameOf = (kind: ExportKind, every: SchedulePlan["every"]) => text.schedules.named(text.exports.kinds[kind], text.schedules.every[every]);

/** A plan with another list or period; the name follows as long as nobody has chosen another one. */
export function changed(plan: SchedulePlan, change: Partial<SchedulePlan>): SchedulePlan {
  const next = { ...plan, ...change };
  const isUsual = plan.name === nameOf(plan.view.kind, plan.every) && change.name === undefined;
  return isUsual ? { ...next, name: nameOf(next.view.kind, next.every) } : next;
}

/** What the file of the period that ended last is called. */
export function exampleOf({ file_name, every, view }: SchedulePlan, today: Date): string {
  const day = (date: Date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const [from, last] = periodBefore(every, today);
  return `${file_name.trim().replaceAll("{from}", day(from)).replaceAll("{to}", day(last)).replaceAll("{list}", view.kind)}.${view.format}`;
}

/** The first and the last day of the period that ended last. */
function periodBefore(every: SchedulePlan["every"], today: Date): [Date, Date] {
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate()];
  switch (every) {
    case "day":
      return [new Date(year, month, date - 1), new Date(year, month, date - 1)];
    case "week": {
      const monday = date - ((today.getDay() + 6) % 7);
      return [new Date(year, month, monday - 7), new Date(year, month, monday - 1)];
    }
    case "month":
      return [new Date(year, month - 1, 1), new Date(year, month, 0)];
  }
}
