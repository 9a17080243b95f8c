import { describe, expect, it } from "vitest";

import type { MappedColumn } from "../api/types";
import { asked, changes, columnOf, kindsOf, mapped, shownKind } from "./importing";

const GUESSED: MappedColumn[] = [
  { field: "user", column: 1 },
  { field: "name", column: 3 },
];
const plan = (counts: Partial<Record<"new" | "changed" | "unchanged" | "refused", number>>) => ({
  counts: { new: 0, changed: 0, unchanged: 0, refused: 0, ...counts },
});

describe("which column is what", () => {
  it("is asked with every field, so that nothing is guessed", () => {
    expect(asked(GUESSED)).toBe("user=1,name=3,team=,ours=,phone=,email=,comment=,same_as=");
    expect(asked([])).toBe("user=,name=,team=,ours=,phone=,email=,comment=,same_as=");
  });
  it("is another one when it is chosen", () => {
    expect(asked(mapped(GUESSED, "team", 2))).toContain("user=1,name=3,team=2,");
    expect(asked(mapped(GUESSED, "name", 2)), "in the place of the one before").toContain("user=1,name=2,team=,");
    expect(asked(mapped(GUESSED, "name", undefined)), "or none").toContain("user=1,name=,team=,");
  });
  it("is one thing at a time", () => {
    const moved = mapped(GUESSED, "comment", 1);
    expect(columnOf(moved, "user"), "its ids are asked for again").toBeUndefined();
    expect(columnOf(moved, "comment")).toBe(1);
    expect(columnOf(moved, "name"), "the others stay").toBe(3);
  });
  it("is left as it was where it is chosen", () => {
    mapped(GUESSED, "user", 3);
    expect(GUESSED.map(({ column }) => column)).toEqual([1, 3]);
  });
});

describe("what is looked at first", () => {
  it("are rows that are refused, then those that change something", () => {
    expect(kindsOf(plan({ new: 1, unchanged: 4, refused: 2 }))).toEqual(["refused", "new", "unchanged"]);
    expect(shownKind(plan({ new: 1, refused: 2 }), undefined)).toBe("refused");
    expect(shownKind(plan({ new: 3, changed: 2 }), undefined)).toBe("changed");
    expect(shownKind(plan({}), undefined), "a file of headings alone").toBeUndefined();
  });
  it("are those that were chosen, as long as there are any", () => {
    expect(shownKind(plan({ new: 1, refused: 2 }), "new")).toBe("new");
    expect(shownKind(plan({ new: 1 }), "refused"), "after another column was chosen").toBe("new");
  });
});

it("something is written where a row is new or changes something", () => {
  expect([plan({ new: 1 }), plan({ changed: 1 }), plan({ unchanged: 9, refused: 9 }), null, undefined].map(changes)).toEqual([true, true, false, false, false]);
});
