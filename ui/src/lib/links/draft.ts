import type { ExportKind, Filter, LinkPlan } from "../api/types";
import { readChoice, viewOf } from "../export/choice";
import type { Period } from "../filter/period";
import { filterOf, NOTHING_CHOSEN, readView, type View } from "../filter/view";
import { recall } from "../memory";
import type { Screen } from "../route.svelte";
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

const SCREEN_OF: Record<Kind, Screen> = {
  calls: "calls",
  members: "calls",
  rooms: "rooms",
  stays: "rooms",
  people: "people",
  deliveries: "deliveries",
  cases: "followup",
};
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

/** What the list showed when it was last looked at. */
const lastView = (kind: Kind): View => readView(new URLSearchParams(recall(`view.${SCREEN_OF[kind]}`)));

/** Its filter without its period; nothing where there was none. */
export function lastFilter(kind: Kind): Filter | undefined {
  const filter = filterOf({ ...lastView(kind), period: NOTHING_CHOSEN.period }, 0);
  return Object.keys(filter).length === 0 ? undefined : filter;
}

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

/** A plan with something else; the name follows as long as nobody has chosen another one. */
export function changed(plan: LinkPlan, change: Partial<Omit<LinkPlan, "period">> & { span?: Span }): LinkPlan {
  const { span = spanOf(plan), ...rest } = change;
  const view = rest.view ?? plan.view;
  const next = { ...plan, ...rest, view, period: periodOf(hasPeriod(view.kind) ? span : "any") };
  const isUsual = plan.name === nameOf(plan.view.kind, spanOf(plan)) && rest.name === undefined;
  return isUsual ? { ...next, name: nameOf(view.kind, spanOf(next)) } : next;
}
