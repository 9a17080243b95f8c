import type { ExportKind, SchedulePlan } from "../api/types";
import { readChoice, type Use, useOf, viewOf } from "../export/choice";
import { restricted } from "../filter/restrictions";
import { pad } from "../format/day";
import { text } from "../text";
import { language } from "../text/language";

export const EVERY = ["day", "week", "month"] as const;
/** Lists that have a time to be of a period by; people and what they added have none. */
export const KINDS = ["calls", "members", "rooms", "stays", "deliveries", "cases"] as const satisfies readonly ExportKind[];

/** What a form begins with: a workbook of each day's calls, or as that list is exported otherwise. */
export function draftOf(kind: ExportKind = "calls"): SchedulePlan {
  const plan: SchedulePlan = {
    name: "",
    view: viewOf(kind, readChoice(kind), {}),
    every: "day",
    at: "07:00",
    folder: "",
    file_name: "{list} {from}",
    keep: null,
    report: null,
  };
  return { ...plan, name: nameOf(plan) };
}

/** A list, or the report. */
export type What = (typeof KINDS)[number] | "report";
export const listOf = ({ view }: SchedulePlan) => KINDS.find((kind) => kind === view.kind) ?? "calls";
export const whatOf = (plan: SchedulePlan): What => (plan.report ? "report" : listOf(plan));
export const wordOf = (what: What): string => (what === "report" ? text.report.button : text.exports.kinds[what]);
/** The formats of a report. */
export const REPORTS = ["xlsx", "html"] as const;

/** What the files of a plan are, and when there is one. */
export function plannedOf(plan: SchedulePlan): string {
  const { every, planned, reports } = text.schedules;
  const format = plan.report ? reports[plan.report.format] : text.exports.uses[useOf(plan.view)];
  return planned(restricted(wordOf(whatOf(plan)), plan.view.filter), every[plan.every], plan.at, format);
}

/** What a plan has for a list, or for the report. */
export const partsOf = (what: What, use: Use): Pick<SchedulePlan, "view" | "report"> =>
  what === "report"
    ? { view: viewOf("calls", { ...readChoice("calls"), use: "xlsx" }, {}), report: { format: "xlsx", language } }
    : { view: viewOf(what, { ...readChoice(what), use }, {}), report: null };

const nameOf = (plan: SchedulePlan) => text.schedules.named(wordOf(whatOf(plan)), text.schedules.every[plan.every]);

/** A plan with another list or period; the name follows as long as nobody has chosen another one. */
export function changed(plan: SchedulePlan, change: Partial<SchedulePlan>): SchedulePlan {
  const next = { ...plan, ...change };
  const isUsual = plan.name === nameOf(plan) && change.name === undefined;
  return isUsual ? { ...next, name: nameOf(next) } : next;
}

/** What the file of the period that ended last is called. */
export function exampleOf({ file_name, every, view, report }: SchedulePlan, today: Date): string {
  const day = (date: Date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const [from, last] = periodBefore(every, today);
  return `${file_name
    .trim()
    .replaceAll("{from}", day(from))
    .replaceAll("{to}", day(last))
    .replaceAll("{list}", report ? "report" : view.kind)}.${report?.format ?? view.format}`;
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
