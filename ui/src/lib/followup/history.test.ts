import { expect, it } from "vitest";

import { toldOfCase } from "./history";

const NOW = new Date(2026, 10, 21, 14, 3).getTime();
const said = (field: string, value: unknown) => {
  const told = toldOfCase({ field, value }, NOW);
  return told?.sentence.replace("{value}", told.value);
};

it("says what was done with a case", () => {
  expect([said("case.state", "done"), said("case.state", "open"), said("case.state", null)]).toEqual([
    "{who} marked it as done",
    "{who} reopened it",
    "{who} took that back",
  ]);
  expect([said("case.assignee", { id: "p", name: "Ann" }), said("case.assignee", { id: "p", name: "" }), said("case.assignee", null)]).toEqual([
    "{who} assigned it to Ann",
    "{who} assigned it to p",
    "{who} assigned it to nobody",
  ]);
  expect([said("case.until", new Date(2026, 10, 22, 9).getTime()), said("case.until", null)]).toEqual([
    "{who} put it off until tomorrow 09:00",
    "{who} no longer put it off",
  ]);
  expect([said("case.reason", "wrong number"), said("case.reason", null)]).toEqual(["{who} gave as the reason wrong number", "{who} removed the reason"]);
});
it("says nothing of what it does not know, and takes any value", () => {
  expect(said("tag:vip", true)).toBeUndefined();
  expect([said("case.assignee", 7), said("case.until", "soon"), said("case.reason", {})]).toEqual([
    "{who} assigned it to nobody",
    "{who} no longer put it off",
    "{who} removed the reason",
  ]);
});
