import { describe, expect, it } from "vitest";

import { asideFolder, backupFrom, hasHoles, savedLines, story } from "./saved";

const NOTHING = { deliveries: 0, new: 0, repeats: 0, quarantined: 0, entries: 0, altered: 0, unreadable: 0 };

describe("what was saved of an archive", () => {
  it("is told with its holes", () => {
    expect(savedLines({ deliveries: 9, new: 1, repeats: 2, quarantined: 3, entries: 0, altered: 4, unreadable: 1 })).toEqual([
      "9 deliveries were read from it.",
      "1 of them was not in the record and has been added.",
      "2 repeats were not in the record yet.",
      "3 deliveries went into quarantine, as before.",
      "4 entries were left out: the content is no longer what was received.",
      "1 place in the file could not be read. How much was there is not known.",
    ]);
  });

  it("is short where all went well, and where nothing did", () => {
    expect(savedLines({ ...NOTHING, deliveries: 1 })).toEqual([
      "1 delivery was read from it.",
      "None of them was new: the record holds them already.",
      "All of the file could be read.",
    ]);
    expect(savedLines({ ...NOTHING, unreadable: 1 })).toEqual(["Nothing in the file could be read."]);
  });

  it("says whether a backup may hold more", () => {
    expect([hasHoles(NOTHING), hasHoles({ ...NOTHING, altered: 1 }), hasHoles({ ...NOTHING, unreadable: 1 })]).toEqual([false, true, true]);
  });
});

describe("what happened to an archive", () => {
  it("is told by its kind", () => {
    const told = (["damaged", "went_away", "exchanged"] as const).map((kind) => {
      const { title, check, saved } = story({ kind });
      return [title("today"), check !== undefined, saved];
    });
    expect(told).toEqual([
      ["Set aside today", false, "What could be saved"],
      ["Removed today", true, undefined],
      ["Replaced today", true, "What the other file contained"],
    ]);
  });
});

describe("the backup that is offered", () => {
  it("is the newest from before the damage: later ones hold only what was saved", () => {
    const [late, early, old] = [30, 20, 10].map((at_ms) => ({ name: String(at_ms), at_ms, bytes: 1 }));
    const all = [late, early, old].filter((backup) => backup !== undefined);
    expect([backupFrom(all, 25), backupFrom(all, 5), backupFrom([], 25)]).toEqual([early, late, undefined]);
  });
});

describe("the folder of a damaged archive", () => {
  it("is written as the platform does", () => {
    expect(asideFolder("/home/ann/calltrail/", "2026")).toBe("/home/ann/calltrail/damaged/2026");
    expect(asideFolder("C:\\Users\\ann\\calltrail", "2026")).toBe("C:\\Users\\ann\\calltrail\\damaged\\2026");
  });
});
