import { expect, it } from "vitest";

import { pressOf } from "./keys";

const NO = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, defaultPrevented: false, isComposing: false };
const press = (key: string, more: Partial<typeof NO> = {}) => pressOf({ key, ...NO, ...more });

it("letters ask for what can be done", () => {
  expect(["d", "a", "p", "n", "o", "j", "k", "x", "Enter"].map((key) => press(key))).toEqual([
    "done",
    "assign",
    "put_off",
    "note",
    "reopen",
    "next",
    "previous",
    undefined,
    undefined,
  ]);
  expect([press("D"), press("D", { shiftKey: true }), press("A", { shiftKey: true })], "with Caps Lock too; Shift asks for a reason").toEqual([
    "done",
    "reason",
    undefined,
  ]);
});
it("what is pressed with Ctrl, composed, or used by the list already is none", () => {
  expect([press("d", { ctrlKey: true }), press("d", { isComposing: true }), press("j", { defaultPrevented: true })]).toEqual([undefined, undefined, undefined]);
});
it("a key that is held down only moves", () => {
  expect([press("d", { repeat: true }), press("j", { repeat: true })]).toEqual([undefined, "next"]);
});
