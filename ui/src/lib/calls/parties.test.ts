import { expect, it } from "vitest";

import { named, partWith } from "./parties";

const people = [
  { user: "u1", name: "ann" },
  { user: "bob", name: "" },
  { user: "cleo", name: "" },
  { user: "u4", name: "dan" },
];
const of = (most: number, sought: string[]) => {
  const { shown, hidden } = named(people, most, sought);
  return [shown, hidden].map((list) => list.map(({ user }) => user).join(" "));
};

it("names the first, and whoever was looked for", () => {
  expect(of(2, [])).toEqual(["u1 bob", "cleo u4"]);
  expect(of(2, ["da"]), "in the place of the last one, by name").toEqual(["u1 u4", "bob cleo"]);
  expect(of(2, ["u4"]), "and by id").toEqual(["u1 u4", "bob cleo"]);
  expect(of(2, ["n"]), "somebody who is named already will do").toEqual(["u1 bob", "cleo u4"]);
});

it("shows of a note what was found in it", () => {
  expect(partWith("first line\nabout the INVOICE of March", ["invoice"])).toBe("about the INVOICE of March");
  expect(partWith("Please ask somebody from billing about the invoice", ["invoice"])).toBe("…lling about the invoice");
});
