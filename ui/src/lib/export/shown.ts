import type { ExportKind, Filter, LinkPlan } from "../api/types";
import { restrictions, type Rows } from "../filter/restrictions";
import { filterOf, NOTHING_CHOSEN, readView, type View } from "../filter/view";
import { asked } from "../followup/worklist";
import { recall } from "../memory";
import type { Screen } from "../route.svelte";

/** Lists that have a screen, where somebody may have restricted them. */
export type Listed = Exclude<ExportKind, "entries">;

const SCREEN_OF: Record<Listed, Screen> = {
  calls: "calls",
  members: "calls",
  rooms: "rooms",
  stays: "rooms",
  people: "people",
  deliveries: "deliveries",
  cases: "followup",
};

/** What the list showed when it was last looked at. */
export const lastView = (kind: Listed): View => readView(new URLSearchParams(recall(`view.${SCREEN_OF[kind]}`)));

/** Its filter without its period; nothing where there was none. */
export function lastFilter(kind: Listed): Filter | undefined {
  const chosen = filterOf({ ...lastView(kind), period: NOTHING_CHOSEN.period }, 0);
  // Which cases are listed is a place on that screen, and a filter everywhere else.
  const filter = kind === "cases" ? asked(chosen) : chosen;
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** What the rows of an export can be restricted to. */
export interface Offer {
  filter: Rows;
  /** It was chosen for this export before; otherwise it is what the list shows. */
  isKept: boolean;
}

/** What a form offers for a list: what was chosen before, where there is such a thing, or else what the list shows. */
export function offerOf(kind: Listed, before?: LinkPlan["view"]): Offer | undefined {
  if (before?.filter && restrictions(before.filter).length > 0) return { filter: before.filter, isKept: true };
  const filter = lastFilter(kind);
  return filter && { filter, isKept: false };
}
