import { describe, expect, it } from "vitest";

import type { ClockWarning, Condition } from "../api/types";
import { notices, sentence } from "./notices";

const WELL: Condition = {
  failing: null,
  locked: null,
  waiting: 0,
  turned_away: 0,
  rebuilding: null,
  rebuild_failed: null,
  review_waits: false,
  checking: false,
  backup_failed: null,
  clock: null,
  damaged: 0,
  exchanged: 0,
};

describe("what is said of the record's condition", () => {
  it("is nothing while all is well", () => {
    expect(notices(WELL)).toEqual([]);
  });

  it("names the worst first", () => {
    const all = notices({
      failing: { cause: "disk_full", why: "database or disk is full" },
      locked: null,
      waiting: 2,
      turned_away: 1,
      rebuilding: { done: 5, total: 10, partial: true, for_review: false },
      rebuild_failed: { cause: "other", why: "x" },
      review_waits: true,
      checking: true,
      backup_failed: { cause: "no_access", why: "x" },
      clock: { off_seconds: -7200, source: "answers", message: "" },
      damaged: 3,
      exchanged: 2,
    });
    expect(all.map((notice) => notice.id)).toEqual([
      "failing",
      "turned-away",
      "damaged",
      "exchanged",
      "rebuild-failed",
      "clock",
      "filling",
      "backup-failed",
      "review",
      "checking",
    ]);
    expect(all[0]?.words, "the reason is told").toContain("the disk is full.");
    expect(all[4]?.words, "in the system's own words where it has no sentence").toContain(": x.");
  });

  it("says how many callbacks wait to be stored, and whose lock keeps them out", () => {
    const of = (condition: Partial<Condition>) => notices({ ...WELL, ...condition })[0];
    const full = of({ failing: { cause: "disk_full", why: "" }, waiting: 2 });
    expect(full?.help, "what to do, and what waits").toMatch(/Free some space.*2 callbacks that arrived meanwhile are waiting/);
    const failing = { cause: "locked", why: "database is locked" } as const;
    const by = (program: string) => of({ failing, locked: { by: { pid: 7, program } } })?.words;
    expect(by("sqlitebrowser")).toBe("Callbacks cannot be stored: sqlitebrowser (process 7) has locked the record.");
    expect(by("a\u202Eb"), "a name that would turn the sentence round").toContain("a\\u{202E}b (process 7)");
    expect(by("")).toContain(": process 7 has");
    expect(of({ failing, locked: { by: null } })?.words).toContain(": another program has");
    expect(of({ waiting: 1 }), "others are stored, and this one is not").toMatchObject({ id: "held-back", words: "1 callback could not be stored yet." });
    expect(of({ turned_away: 3 })?.words).toContain("3 callbacks were turned away");
  });

  it("does not call damaged what was only taken away", () => {
    const all = notices({ ...WELL, damaged: 1, exchanged: 1 });
    expect(all.map((notice) => notice.id)).toEqual(["exchanged"]);
    expect(all[0]?.help, "and says what became of the record").toContain("Nothing is lost");
  });

  it("says first that the clock is wrong, and then what to do", () => {
    const of = (source: ClockWarning["source"], off_seconds: number) => notices({ ...WELL, clock: { off_seconds, source, message: "" } })[0];
    expect(of("signatures", -7265)).toMatchObject({ id: "clock", tone: "warn", words: "This computer's clock is 2 hours 1 minute behind." });
    expect(of("signatures", 60)?.help).toContain("Set the clock");
    expect(of("senders", 3600)?.words).toContain("about 1 hour ahead, or something held");
    expect(of("answers", 300)?.words).toContain("5 minutes ahead of Tencent's");
  });

  it("tells three kinds of rebuilding apart", () => {
    const of = (partial: boolean, for_review: boolean) => notices({ ...WELL, rebuilding: { done: 5, total: 10, partial, for_review } })[0];
    expect(of(true, false), "lists are not whole, so it is said aloud").toMatchObject({ id: "filling", tone: "info" });
    expect(of(false, false), "lists are whole").toMatchObject({ id: "rebuilding", tone: "quiet" });
    expect(of(false, true), "somebody asked for it").toMatchObject({ id: "reading", tone: "quiet" });
  });

  it("never shows more done than there is, or a total that is not known yet", () => {
    const at = (done: number, total: number) => notices({ ...WELL, rebuilding: { done, total, partial: false, for_review: true } })[0];
    expect(at(12, 10)?.progress).toEqual({ done: 10, total: 10 });
    expect(at(0, 0)?.words).not.toContain("0 of 0");
  });

  it("ends reasons with one full stop and shows what is hidden in them", () => {
    expect([sentence("disk full"), sentence("It is full. "), sentence("a\u202Eb\nc")]).toEqual(["disk full.", "It is full.", "a\\u{202E}b c."]);
  });
});
