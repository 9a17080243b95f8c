import { beforeEach, expect, test, vi } from "vitest";

import { remember } from "../memory";
import { changed, draftOf, lastFilter, spanOf } from "./draft";

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

test("the name follows the list and the period until somebody chooses another one", () => {
  const weekly = changed(draftOf("calls"), { span: "this-week" });
  expect(weekly).toMatchObject({ name: "Calls, this week", period: "this-week" });
  const rooms = { ...weekly.view, kind: "rooms" as const };
  expect(changed(weekly, { view: rooms }).name).toBe("Rooms, this week");
  expect(changed(changed(weekly, { name: "For Anna" }), { view: rooms }).name).toBe("For Anna");
});

test("people are in no period", () => {
  remember("view.people", "period=today&team=Support");
  expect(draftOf("people")).toMatchObject({ period: null, view: { filter: { team: "Support" } } });
  const calls = changed(draftOf("calls"), { span: "today" });
  expect(spanOf(changed(calls, { view: draftOf("people").view }))).toBe("any");
});
