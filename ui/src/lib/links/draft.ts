import type { ExportKind, LinkPlan } from "../api/types";
import { readChoice, viewOf } from "../export/choice";
import { lastFilter, lastView } from "../export/shown";
import { restricted } from "../filter/restrictions";
import type { Period } from "../filter/period";
import { text } from "../text";

/** Lists that a link can lead to. */
export const KINDS = ["calls", "members", "rooms", "stays", "people", "deliveries", "cases"] as const satisfies readonly ExportKind[];
export type Kind = (typeof KINDS)[number];
/** What a spreadsheet loads from an address. */
export const USES = ["xlsx", "spreadsheet", "programs"] as const;
/** The periods that move with the calendar; `any` for the whole record. */
export const PERIODS = [
  "any",
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "this-month",
  "last-month",
  "this-quarter",
  "last-quarter",
  "this-year",
  "last-year",
  "last-7-days",
  "last-30-days",
  "last-90-days",
] as const;
export type Span = (typeof PERIODS)[number];

/** People are in no period. */
export const hasPeriod = (kind: ExportKind): boolean => kind !== "people";

const SPAN_OF: Record<Period["kind"], Span> = {
  any: "any",
  today: "today",
  yesterday: "yesterday",
  last7: "last-7-days",
  month: "this-month",
  last_month: "last-month",
  // What stays the same needs no link that refreshes.
  custom: "last-30-days",
};

/** What a form begins with: what the list showed last, as it is exported otherwise. */
export function draftOf(kind: Kind = "calls"): LinkPlan {
  const choice = readChoice(kind);
  const use = USES.find((use) => use === choice.use) ?? "xlsx";
  const span = hasPeriod(kind) ? SPAN_OF[lastView(kind).period.kind] : "any";
  return { name: nameOf(kind, span), view: viewOf(kind, { ...choice, use }, lastFilter(kind) ?? {}), period: periodOf(span) };
}

export const spanOf = ({ period }: LinkPlan): Span => period ?? "any";
const periodOf = (span: Span): LinkPlan["period"] => (span === "any" ? null : span);

const nameOf = (kind: ExportKind, span: Span) => text.links.named(text.exports.kinds[kind], text.links.periods[span]);

/** What a link leads to. */
export function plannedOf(plan: LinkPlan): string {
  const list = hasPeriod(plan.view.kind) ? nameOf(plan.view.kind, spanOf(plan)) : text.exports.kinds[plan.view.kind];
  return text.punctuation.stop(restricted(list, plan.view.filter));
}

/** A plan with something else; the name follows as long as nobody has chosen another one. */
export function changed(plan: LinkPlan, change: Partial<Omit<LinkPlan, "period">> & { span?: Span }): LinkPlan {
  const { span = spanOf(plan), ...rest } = change;
  const view = rest.view ?? plan.view;
  const next = { ...plan, ...rest, view, period: periodOf(hasPeriod(view.kind) ? span : "any") };
  const isUsual = plan.name === nameOf(plan.view.kind, spanOf(plan)) && rest.name === undefined;
  return isUsual ? { ...next, name: nameOf(view.kind, spanOf(next)) } : next;
}
