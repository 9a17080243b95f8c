import { describe, expect, it } from "vitest";

import { asked, caseHref, counted, deedsIn, deedsOf, leaves, nextOf, reopening, reopeningIn, tabOf } from "./worklist";

describe("what is asked", () => {
  it("is the open cases, where nothing else is chosen", () => {
    expect(asked({})).toEqual({ state: "open" });
    expect(asked({ tab: "no such tab", q: "x" }), "a tab that is not known is the first").toEqual({ state: "open", q: "x" });
  });
  it("is whose they are, and on the own tab one's own alone", () => {
    expect(asked({ assignee: "-" })).toEqual({ state: "open", assignee: "-" });
    expect(asked({ tab: "mine", assignee: "-" })).toEqual({ state: "open", assignee: "me" });
  });
  it("is everything that is closed, however", () => expect(asked({ tab: "done", app: "14" })).toEqual({ state: "done,closed_itself", app: "14" }));
  it("of the figures is the same for every tab", () => expect(counted({ tab: "done", assignee: "a", person: "p" })).toEqual({ person: "p" }));
  it("goes to the tab that has the case", () => {
    const at = (state: "open" | "put_off" | "closed_itself") => caseHref({ app: "14", call_id: "a&b", state });
    expect([at("open"), at("put_off"), at("closed_itself")]).toEqual([
      "#/followup?open=14%3Aa%26b",
      "#/followup?tab=put_off&open=14%3Aa%26b",
      "#/followup?tab=done&open=14%3Aa%26b",
    ]);
  });
});

describe("what can be done", () => {
  it("goes by the state", () => {
    expect(deedsOf("open")).not.toContain("reopen");
    expect(deedsOf("put_off")).toContain("reopen");
    expect(deedsOf("closed_itself"), "what is closed is opened first").toEqual(["reopen", "note"]);
  });
  it("of what is put off says only that it no longer is: whether it is open then follows from the calls", () => {
    expect([reopening("put_off"), reopeningIn("put_off"), reopeningIn("mine")]).toEqual([{ until_ms: null }, { until_ms: null }, { until_ms: null }]);
    expect([reopening("done"), reopening("closed_itself"), reopeningIn("done")]).toEqual(Array(3).fill({ state: "open", until_ms: null }));
  });
  it("with several leaves out what is written to one", () => expect(deedsIn("mine")).toEqual(["done", "assign", "put_off"]));
});

describe("a case", () => {
  const ann = { id: "ann", name: "Ann" };
  it("leaves the tab that is no longer right for it", () => {
    expect([leaves("open", { state: "done" }, "", "ann"), leaves("put_off", { state: "done", reason: "x" }, "", "ann")]).toEqual([true, true]);
    expect([leaves("open", { until_ms: 5 }, "", "ann"), leaves("put_off", { until_ms: 5 }, "", "ann")], "put off again it stays").toEqual([true, false]);
    expect([leaves("done", reopening("done"), "", "ann"), leaves("open", reopening("done"), "", "ann")]).toEqual([true, false]);
    expect([leaves("put_off", reopening("put_off"), "", "ann"), leaves("open", reopening("put_off"), "", "ann")]).toEqual([true, false]);
    expect(leaves("done", { reason: "x" }, "", "ann")).toBe(false);
  });
  it("leaves whose it no longer is", () => {
    expect([leaves("mine", { assignee: ann }, "", "ann"), leaves("mine", { assignee: ann }, "", "ben"), leaves("mine", { assignee: null }, "", "ann")]).toEqual(
      [false, true, true],
    );
    expect([
      leaves("open", { assignee: ann }, "-", "ann"),
      leaves("open", { assignee: null }, "-", "ann"),
      leaves("open", { assignee: ann }, "", "ann"),
    ]).toEqual([true, false, false]);
  });
});

describe("the list goes on", () => {
  const rows = (...keys: (string | undefined)[]) => ({
    find: (key: string) => (keys.includes(key) ? keys.indexOf(key) : undefined),
    key: (row: number) => keys[row],
  });
  it("with the next case, and after the last with the one before", () => {
    expect([nextOf(rows("a", "b", "c"), "a"), nextOf(rows("a", "b", "c"), "c")]).toEqual(["b", "b"]);
  });
  it("with none where there is no other", () => expect(nextOf(rows("a"), "a")).toBeUndefined());
  it("with none where the case is not in the list, or the next was not read", () => {
    expect([nextOf(rows("a"), "x"), nextOf(rows("a", undefined), "a")]).toEqual([undefined, undefined]);
  });
});

it("an address may name any tab", () => expect(["", "mine", "put_off", "x"].map(tabOf)).toEqual(["open", "mine", "put_off", "open"]));
