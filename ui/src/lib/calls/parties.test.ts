import { expect, it } from "vitest";

import { named } from "./parties";

const users = ["ann", "bob", "cleo", "dan"];

it("names the first, and whoever was looked for", () => {
  expect(named(users, 2, [])).toEqual({ shown: ["ann", "bob"], hidden: ["cleo", "dan"] });
  expect(named(users, 2, ["da"]), "in the place of the last one").toEqual({ shown: ["ann", "dan"], hidden: ["bob", "cleo"] });
  expect(named(users, 2, ["n"]), "somebody who is named already will do").toEqual({ shown: ["ann", "bob"], hidden: ["cleo", "dan"] });
  expect(named(["ann"], 2, ["x"])).toEqual({ shown: ["ann"], hidden: [] });
});
