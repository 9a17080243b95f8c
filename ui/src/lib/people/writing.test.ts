import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Entries } from "../../../dev/entries";
import { api } from "../api/client";
import type { Edit } from "../api/types";
import { text } from "../text";
import { myself } from "./me.svelte";
import { writing } from "./writing.svelte";

const ann = { id: "a", name: "Ann" };
const bob = { id: "b", name: "Bob" };
const named = (value: string): Edit => ({ subject: ["user", "u1"], field: "name", value });
let log: Entries;

beforeEach(() => {
  log = new Entries();
  myself.me = { ...ann, named: true };
  writing.forget();
  vi.spyOn(api, "write").mockImplementation((edits) => Promise.resolve(edits.map((edit) => log.add(edit, 0, ann))));
  vi.spyOn(api, "undo").mockImplementation((ids) => Promise.resolve(log.undo(ids, ann)));
});
afterEach(() => void vi.restoreAllMocks());

/** Takes the last change back; what is said of it, and the name that is left. */
async function undone(): Promise<[string, string]> {
  await writing.undo();
  return [writing.told, log.text(["user", "u1"], "name")];
}

it("takes changes of one field back, one after the other", async () => {
  for (const name of ["Ann", "Anna", "Annabel"]) await writing.write([named(name)], name);
  const { undone: said } = text.undo;
  expect([await undone(), await undone(), await undone()]).toEqual([
    [said("Annabel"), "Anna"],
    [said("Anna"), "Ann"],
    [said("Ann"), ""],
  ]);
  expect(writing.canUndo).toBe(false);
});

it("takes two changes of one field back that were written together", async () => {
  await writing.write([named("Ann"), named("Anna")], "twice");
  expect(await undone()).toEqual([text.undo.undone("twice"), ""]);
});

it("says so where somebody else has written since", async () => {
  await writing.write([named("Ann")], "first");
  await writing.write([named("Anna")], "second");
  log.add(named("Bea"), 0, bob);
  expect([await undone(), await undone()]).toEqual([
    [text.undo.nothing("second"), "Bea"],
    [text.undo.nothing("first"), "Bea"],
  ]);
  expect(writing.offersUndo).toBe(false);
});
