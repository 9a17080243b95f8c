import { describe, expect, it } from "vitest";

import { daysOf, isDay, windowOf } from "./period";
import { filterOf, isWide, NOTHING_CHOSEN, readView, type View, widened, writeView } from "./view";

const NOW = new Date(2026, 10, 21, 14, 3).getTime();
const at = (year: number, month: number, day: number) => new Date(year, month, day).getTime();

describe("a view and its address", () => {
  const views: View[] = [
    NOTHING_CHOSEN,
    { ...NOTHING_CHOSEN, period: { kind: "last7" }, result: ["not_answer", "reject"], user: "a&b=c/王 医生", q: "%20+#" },
    { ...NOTHING_CHOSEN, period: { kind: "custom", from: "2026-11-01", to: "" }, verdict: ["fault"], family: "rtc", app: "1400123456" },
    { ...NOTHING_CHOSEN, period: { kind: "custom", from: "2026-11-01", to: "2026-11-03" }, media: "audio", type: "group", product: "live", room: "room:1" },
  ];
  it.each(views)("come back from it as they went in: %j", (view) => {
    const address = new URLSearchParams(writeView(view)).toString();
    expect(readView(new URLSearchParams(address)), "nothing is lost or gained").toEqual(view);
  });
  it("leaves out what does not restrict", () => {
    expect(writeView(NOTHING_CHOSEN)).toEqual({});
    expect(isWide(NOTHING_CHOSEN)).toBe(true);
    expect(isWide({ ...NOTHING_CHOSEN, q: "x" })).toBe(false);
  });
  it("has a tab, which restricts nothing and is not cleared", () => {
    const tab: View = { ...NOTHING_CHOSEN, tab: "done" };
    expect([isWide(tab), isWide({ ...tab, assignee: "-" })]).toEqual([true, false]);
    expect(writeView(widened({ ...tab, assignee: "-", q: "x" }))).toEqual({ tab: "done" });
  });
  it("does not restrict by what it does not understand", () => {
    expect(readView(new URLSearchParams("period=fortnight&from=2026-13-40&result=,,"))).toEqual(NOTHING_CHOSEN);
  });
});

describe("periods", () => {
  it("are days of the viewer's calendar", () => {
    expect(windowOf({ kind: "today" }, NOW)).toEqual({ from: at(2026, 10, 21), to: at(2026, 10, 22) });
    expect(windowOf({ kind: "yesterday" }, NOW)).toEqual({ from: at(2026, 10, 20), to: at(2026, 10, 21) });
    expect(windowOf({ kind: "last7" }, NOW), "today is one of the seven").toEqual({ from: at(2026, 10, 15), to: at(2026, 10, 22) });
    expect(windowOf({ kind: "month" }, NOW)).toEqual({ from: at(2026, 10, 1), to: at(2026, 11, 1) });
    expect(windowOf({ kind: "last_month" }, at(2026, 0, 31)), "January looks back into the old year").toEqual({ from: at(2025, 11, 1), to: at(2026, 0, 1) });
  });
  it("include their last day", () => {
    const custom = { kind: "custom", from: "2026-11-01", to: "2026-11-03" } as const;
    expect(windowOf(custom, NOW)).toEqual({ from: at(2026, 10, 1), to: at(2026, 10, 4) });
    expect(daysOf(custom, NOW)).toEqual({ from: "2026-11-01", to: "2026-11-03" });
    expect(daysOf({ kind: "last_month" }, NOW), "a preset can be narrowed from its own days").toEqual({ from: "2026-10-01", to: "2026-10-31" });
  });
  it("are open where a side is missing", () => {
    expect(filterOf({ ...NOTHING_CHOSEN, period: { kind: "custom", from: "", to: "2026-11-03" } }, NOW)).toEqual({ to: at(2026, 10, 4) });
  });
  it("know what a day is", () => {
    expect(["2026-02-29", "2026-2-1", "", "2026-04-31"].filter(isDay)).toEqual([]);
    expect(isDay("2024-02-29")).toBe(true);
  });
});

describe("what the API is asked", () => {
  it("is the view without its empty parts", () => {
    const view: View = { ...NOTHING_CHOSEN, result: ["reject", "cancel"], user: " alice ", q: "" };
    expect(filterOf(view, NOW), "ids are trimmed: nobody sees a blank that was pasted").toEqual({ result: "reject,cancel", user: "alice" });
  });
});
