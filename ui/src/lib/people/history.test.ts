import { expect, it } from "vitest";

import type { EntryRow } from "../api/types";
import { toldOf } from "./history";

const entry = (field: string, value: EntryRow["value"]): EntryRow => ({
  id: "1",
  at_ms: 0,
  person: { id: "p", name: "ann" },
  device: "d",
  subject: ["user", "u1"],
  field,
  value,
  replaces: [],
});
const said = (field: string, value: EntryRow["value"]) => {
  const told = toldOf(entry(field, value));
  return told?.sentence.replace("{value}", told.value).replace("{id}", told.id);
};

it("says what an entry did", () => {
  expect(said("name", "Ann")).toBe("{who} set name to Ann");
  expect(said("phone", null)).toBe("{who} removed phone");
  expect(said("ours", true)).toBe("{who} marked them as one of us");
  expect(said("ours", null)).toBe("{who} marked them as not one of us");
  expect(said("same_as", "u2")).toBe("{who} merged u1 with u2");
  expect(said("tag:vip", null)).toBe("{who} removed the tag vip");
  expect(said("a later field", "x"), "what is not known here is not told").toBeUndefined();
});
