import { beforeEach, expect, test, vi } from "vitest";

import { remember } from "../memory";
import { lastFilter, offerOf } from "../export/shown";
import { changed, draftOf, plannedOf, spanOf } from "./draft";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});

test("a link begins with what the list showed last, and its period moves", () => {
  expect(draftOf("calls")).toMatchObject({ name: "Calls, any time", period: null, view: { kind: "calls", filter: {} } });
  remember("view.calls", "period=last7&team=Support&result=reject");
  expect(lastFilter("calls")).toEqual({ team: "Support", result: "reject" });
  expect(draftOf("calls")).toMatchObject({ name: "Calls, last 7 days", period: "last-7-days", view: { filter: { team: "Support", result: "reject" } } });
  remember("view.calls", "from=2025-03-01&to=2025-03-02");
  expect(draftOf("members"), "fixed days would never show anything new").toMatchObject({ period: "last-30-days", view: { filter: {} } });
});

test("cases are offered as their tab shows them", () => {
  expect(lastFilter("cases")).toEqual({ state: "open" });
  remember("view.followup", "tab=done&team=Support");
  expect(draftOf("cases").view.filter, "a tab is no filter that anybody else knows").toEqual({ state: "done,closed_itself", team: "Support" });
  remember("view.followup", "tab=mine");
  expect(lastFilter("cases")).toEqual({ state: "open", assignee: "me" });
});

test("what was chosen before is offered before what the list shows", () => {
  remember("view.calls", "team=Support");
  const { view } = draftOf("calls");
  const before = { ...view, filter: { q: "anna", team: null } };
  expect(offerOf("calls", before)).toEqual({ filter: before.filter, isKept: true });
  expect(offerOf("calls", { ...view, filter: { q: null } })).toEqual({ filter: { team: "Support" }, isKept: false });
  expect(offerOf("rooms")).toBeUndefined();
});

test("the name follows the list and the period until somebody chooses another one", () => {
  const weekly = changed(draftOf("calls"), { span: "this-week" });
  expect(weekly).toMatchObject({ name: "Calls, this week", period: "this-week" });
  const rooms = { ...weekly.view, kind: "rooms" as const };
  expect(changed(weekly, { view: rooms }).name).toBe("Rooms, this week");
  expect(changed(changed(weekly, { name: "For Anna" }), { view: rooms }).name).toBe("For Anna");
});

test("a link tells what it leads to", () => {
  expect(plannedOf(draftOf("people"))).toBe("People.");
  remember("view.calls", "period=today&result=reject");
  expect(plannedOf(draftOf("calls"))).toBe("Calls, today (Result: Declined).");
});

test("people are in no period", () => {
  remember("view.people", "period=today&team=Support");
  expect(draftOf("people")).toMatchObject({ period: null, view: { filter: { team: "Support" } } });
  const calls = changed(draftOf("calls"), { span: "today" });
  expect(spanOf(changed(calls, { view: draftOf("people").view }))).toBe("any");
});
