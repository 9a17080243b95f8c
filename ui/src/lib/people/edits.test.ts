import { describe, expect, it } from "vitest";

import type { Contact, PersonRow } from "../api/types";
import { canPart, fieldEdits, mergeEdits, oursEdits } from "./edits";

const person = (more: Partial<PersonRow>): PersonRow => ({
  user: "a",
  users: ["a"],
  name: "",
  team: "",
  ours: false,
  phone: "",
  email: "",
  comment: "",
  calls: 0,
  first_ms: null,
  last_ms: null,
  notes: 0,
  same_as: "",
  ...more,
});
const contact = (more: Partial<Contact>): Contact => ({
  user: "a",
  name: "",
  team: "",
  ours: false,
  phone: "",
  email: "",
  comment: "",
  same_as: "",
  others: {},
  ...more,
});
const written = (edits: ReturnType<typeof fieldEdits>) => edits.map(({ subject, field, value }) => `${subject[1]} ${field} ${value}`);

describe("a person of several ids", () => {
  const two = { person: person({ users: ["a", "b"] }), contacts: [contact({ name: "Ann" }), contact({ user: "b", phone: "1", name: "Anna", same_as: "a" })] };

  it("gets a new value at the id that stands for it", () => expect(written(fieldEdits(two, "phone", "2"))).toEqual(["a phone 2"]));
  it("loses a value at each id that has it", () => {
    expect(written(fieldEdits(two, "phone", ""))).toEqual(["b phone null"]);
    expect(written(fieldEdits(two, "name", ""))).toEqual(["a name null", "b name null"]);
    expect(written(fieldEdits(two, "team", "")), "where none has it nothing is written").toEqual([]);
  });
  it("can be taken apart where an id joined", () => {
    expect([canPart(two.contacts, "a"), canPart(two.contacts, "b"), canPart(two.contacts, "c")]).toEqual([false, true, false]);
  });
  it("is of ours as a whole", () => {
    expect(written(oursEdits([two.person, person({ user: "c", ours: true })], true))).toEqual(["a ours true"]);
    expect(written(oursEdits([person({ users: ["a", "b"], ours: true })], false))).toEqual(["a ours null", "b ours null"]);
  });
});

it("two people become one under the name that there is", () => {
  expect(written(mergeEdits(person({ name: "Ann" }), person({ user: "b" })))).toEqual(["b same_as a"]);
  expect(written(mergeEdits(person({}), person({ user: "b", name: "Ben" })))).toEqual(["a same_as b"]);
  expect(written(mergeEdits(person({}), person({ user: "b" }))), "the one that is open stays").toEqual(["b same_as a"]);
});
