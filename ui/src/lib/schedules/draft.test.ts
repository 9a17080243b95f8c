import { expect, test } from "vitest";

import { changed, draftOf, exampleOf, partsOf, plannedOf } from "./draft";

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

test("a plan is told in a line: what, when, and as which file", () => {
  expect(plannedOf(draftOf("calls"))).toBe("Calls, each day at 07:00, as Excel workbook (.xlsx).");
  const monthly = { ...draftOf("calls"), ...partsOf("report", "xlsx"), every: "month" as const, at: "18:30" };
  expect(plannedOf(monthly)).toBe("Report, each month at 18:30, as Excel workbook (.xlsx).");
  expect(plannedOf({ ...draftOf("stays"), ...partsOf("stays", "spreadsheet") })).toBe("Stays, each day at 07:00, as CSV for spreadsheets.");
  const view = { ...draftOf("calls").view, filter: { team: "Support", result: "reject" as const } };
  expect(plannedOf({ ...draftOf("calls"), view })).toBe("Calls (Result: Declined; Team: Support), each day at 07:00, as Excel workbook (.xlsx).");
});

test("the example is of the period that ended last", () => {
  const thursday = new Date(2025, 2, 6, 12);
  const of = (every: "day" | "week" | "month", file_name = "{list} {from} {to}") => exampleOf({ ...draftOf("calls"), every, file_name }, thursday);
  expect(of("day")).toBe("calls 2025-03-05 2025-03-05.xlsx");
  expect(of("week")).toBe("calls 2025-02-24 2025-03-02.xlsx");
  expect(of("month")).toBe("calls 2025-02-01 2025-02-28.xlsx");
  expect(of("day", " latest ")).toBe("latest.xlsx");
});
