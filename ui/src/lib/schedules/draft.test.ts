import { expect, test } from "vitest";

import { changed, draftOf, exampleOf, partsOf } from "./draft";

test("the name follows the list and the period until somebody chooses another one", () => {
  const weekly = changed(draftOf("calls"), { every: "week" });
  expect(weekly.name).toBe("Calls of each week");
  const rooms = { ...weekly.view, kind: "rooms" as const };
  expect(changed(weekly, { view: rooms }).name).toBe("Rooms of each week");
  expect(changed(changed(weekly, { name: "For Anna" }), { view: rooms }).name).toBe("For Anna");
});

test("the report is of calls, and its file is called so", () => {
  const weekly = changed(draftOf("rooms"), { ...partsOf("report", "parquet"), every: "week" });
  expect(weekly).toMatchObject({ name: "Report of each week", view: { kind: "calls" }, report: { format: "xlsx", language: "en" } });
  expect(exampleOf(weekly, new Date(2025, 2, 6, 12))).toBe("report 2025-02-24.xlsx");
  expect(changed(weekly, partsOf("stays", "parquet"))).toMatchObject({ report: null, view: { kind: "stays", format: "parquet" } });
});

test("a filter keeps everything but its period", () => {
  expect(draftOf("calls", { from: 1, to: 2, team: "Support" }).view.filter).toEqual({ from: null, to: null, team: "Support" });
});

test("the example is of the period that ended last", () => {
  const thursday = new Date(2025, 2, 6, 12);
  const of = (every: "day" | "week" | "month", file_name = "{list} {from} {to}") => exampleOf({ ...draftOf("calls"), every, file_name }, thursday);
  expect(of("day")).toBe("calls 2025-03-05 2025-03-05.xlsx");
  expect(of("week")).toBe("calls 2025-02-24 2025-03-02.xlsx");
  expect(of("month")).toBe("calls 2025-02-01 2025-02-28.xlsx");
  expect(of("day", " latest ")).toBe("latest.xlsx");
});
