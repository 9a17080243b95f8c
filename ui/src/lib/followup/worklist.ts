/** Which cases are listed, what can be done with them, and where the list goes on when one of them leaves it. */
import type { CaseRow, CaseSet, CaseState, Named } from "../api/cases";
import type { Filter } from "../api/types";
import { callKey } from "../calls/key";
import { writeHash } from "../route.svelte";

export const TABS = ["open", "mine", "put_off", "done"] as const;
export type Tab = (typeof TABS)[number];

export const DEEDS = ["done", "assign", "put_off", "reopen", "note"] as const;
export type Deed = (typeof DEEDS)[number];

/** Stands for nobody where somebody is asked for. */
export const NOBODY = "-";

/** The tab that the address names; the open cases where it names none. */
export const tabOf = (named: string): Tab => TABS.find((tab) => tab === named) ?? "open";

/** How the address names a tab. */
export const tabName = (tab: Tab): string => (tab === "open" ? "" : tab);

const STATES: Readonly<Record<Tab, string>> = { open: "open", mine: "open", put_off: "put_off", done: "done,closed_itself" };

/** A list's filter as it is chosen here. */
type Chosen = Filter & { tab?: string };

/** The API's filter for what is chosen. */
export function asked({ tab = "", assignee, ...filter }: Chosen): Filter {
  const which = tabOf(tab);
  const whose = which === "mine" ? "me" : assignee;
  return { ...filter, state: STATES[which], ...(whose !== undefined && { assignee: whose }) };
}

/** The same for the figures, which tell of all tabs and of everybody's. */
export function counted(chosen: Chosen): Filter {
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== "tab" && name !== "assignee"));
}

/** What can be done with a case in this state. */
export function deedsOf(state: CaseState): readonly Deed[] {
  if (state === "open") return ["done", "assign", "put_off", "note"];
  if (state === "put_off") return ["done", "assign", "put_off", "reopen", "note"];
  return ["reopen", "note"];
}

/** What can be done with several cases of a tab together. */
export function deedsIn(tab: Tab): readonly Deed[] {
  return deedsOf(tab === "mine" ? "open" : tab).filter((deed) => deed !== "note");
}

/**
 * What brings a case in this state back among the open ones. Nobody says of one that is put off that it is open: that would outweigh a talk
 * that is learnt of later.
 */
export const reopening = (state: CaseState): CaseSet =>
  state === "done" || state === "closed_itself" ? { state: "open", until_ms: null } : { until_ms: null };

/** The same for several cases of a tab together. */
export const reopeningIn = (tab: Tab): CaseSet => reopening(tab === "mine" ? "open" : tab);

/** Whether a case goes from the tab, and the filter for whose it is, when this is written of it. */
export function leaves(tab: Tab, { state, until_ms, assignee }: CaseSet, whose: string, me: string | undefined): boolean {
  if (state === "done") return tab !== "done";
  if (state === "open") return tab === "put_off" || tab === "done";
  if (typeof until_ms === "number") return tab === "open" || tab === "mine";
  if (until_ms === null) return tab === "put_off";
  if (assignee === undefined) return false;
  const id = assignee?.id ?? NOBODY;
  return tab === "mine" ? id !== me : whose !== "" && whose !== id;
}

/** What a list knows of its rows. */
interface Keys {
  find: (key: string) => number | undefined;
  key: (row: number) => string | undefined;
}

/** The case where the list goes on when this one leaves it: the next one, or the one before where it is the last. */
export function nextOf(rows: Keys, key: string): string | undefined {
  const at = rows.find(key);
  return at === undefined ? undefined : (rows.key(at + 1) ?? rows.key(at - 1));
}

/** True for a case that was put off, and whose time has come. */
export const isDue = (row: Pick<CaseRow, "state" | "until_ms">): boolean => row.state === "open" && row.until_ms !== null;

/** What stands for somebody who writes here; not yet ready to be shown. */
export const writerOf = ({ id, name }: Named): string => (name === "" ? id : name);

/** Where a case is shown. */
export function caseHref(row: Pick<CaseRow, "app" | "call_id" | "state">): string {
  const tab = tabName(row.state === "open" || row.state === "put_off" ? row.state : "done");
  return writeHash("followup", new URLSearchParams({ ...(tab !== "" && { tab }), open: callKey(row) }));
}
