import { describe, expect, it } from "vitest";

import catalogue from "../../../dev/catalogue.json";
import type { Catalogue, CatalogueProduct } from "../api/types";
import { asksPermission, commandsOf, holders, inOrder, presetOf, presetWords, reasons, turnOff, turnOn, unknownWords } from "./selection";

const all = catalogue as Catalogue;
const product = (code: string) => all.products.find((one) => one.product === code) as CatalogueProduct;
const live = product("live");
const room = product("room");
const MEMBERS = "Live.CallbackAfterMemberStateChanged";
const END = "Live.CallbackAfterDestroyRoom";

describe("choosing callbacks", () => {
  it("switches a room's end on with its member changes", () => {
    expect([...turnOn(live, new Set(), MEMBERS)].sort(), "else everybody would seem to stay for ever").toEqual([END, MEMBERS]);
    expect([...turnOn(live, new Set(), END)], "the end alone brings nothing").toEqual([END]);
  });

  it("keeps the end on while somebody needs it", () => {
    const both = turnOn(live, new Set(), MEMBERS);
    expect(turnOff(live, both, END).has(END), "it is needed").toBe(true);
    expect(
      holders(live, both, END).map((one) => one.command),
      "and by whom is known",
    ).toEqual([MEMBERS]);
    expect([...turnOff(live, turnOff(live, both, MEMBERS), END)], "afterwards it can go").toEqual([]);
  });

  it("needs both of two that bring the same one to be off", () => {
    const on = turnOn(room, turnOn(room, new Set(), "Room.CallbackAfterMemberEnter"), "Room.CallbackAfterMemberLeave");
    const one = turnOff(room, on, "Room.CallbackAfterMemberEnter");
    expect(turnOff(room, one, "Room.CallbackAfterDestroyRoom").has("Room.CallbackAfterDestroyRoom"), "leaving still needs it").toBe(true);
  });

  it("says why one has to be on", () => {
    expect(reasons(live, [MEMBERS, END]).map((one) => one.command)).toEqual([END]);
    expect(reasons(live, [MEMBERS, END])[0]?.because).toBe("stays_never_end");
    expect(reasons(live, [END]), "nobody needs it").toEqual([]);
  });

  it("does not change the set that it was given", () => {
    const before = new Set<string>();
    turnOn(live, before, MEMBERS);
    expect(before.size, "a new set is made for each change").toBe(0);
  });

  it("knows what asks for permission, also by the name alone", () => {
    expect(asksPermission(live, "Live.CallbackBeforeSendGift"), "documented").toBe(true);
    expect(asksPermission(live, "Live.CallbackBeforeCallBackNotBlock"), "a switch asks nothing").toBe(false);
    expect(asksPermission(room, "Room.CallbackBeforeSomethingNew"), "not documented, and blocks all the same").toBe(true);
    expect(asksPermission(live, END), "told afterwards").toBe(false);
  });
});

describe("presets", () => {
  it("never hold a callback that asks for permission", () => {
    for (const one of all.products)
      for (const preset of all.presets) {
        const words = presetWords(one, preset);
        expect(words.length, `${preset} of ${one.product} switches something on`).toBeGreaterThan(0);
        expect(
          words.filter((word) => asksPermission(one, word)),
          `${preset} of ${one.product}`,
        ).toEqual([]);
      }
  });

  it("are recognised whatever the order, the smallest first", () => {
    expect(presetOf(live, all.presets, presetWords(live, "presence").reverse())).toBe("presence");
    expect(presetOf(product("call"), all.presets, presetWords(product("call"), "everything")), "for calls the last two are one").toBe("presence");
    expect(presetOf(live, all.presets, [END]), "a choice of one's own is none").toBeUndefined();
    expect(presetOf(live, all.presets, []), "nothing is none").toBeUndefined();
  });
});

describe("what Tencent has", () => {
  it("may hold words that the catalogue does not know", () => {
    expect(unknownWords(live, [END, "Live.New", "Live.New"])).toEqual(["Live.New"]);
    expect(inOrder(live, new Set(["Live.New", MEMBERS, END])), "known ones in the order of the list, the others last").toEqual([END, MEMBERS, "Live.New"]);
    expect(commandsOf(live).length).toBe(19);
  });
});
