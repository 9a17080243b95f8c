import { describe, expect, it } from "vitest";

import type { Condition } from "../api/types";
import { notices, sentence } from "./notices";

const WELL: Condition = { failing: null, rebuilding: null, rebuild_failed: null, review_waits: false, checking: false, backup_failed: null, damaged: 0, exchanged: 0 };

describe("what is said of the record's condition", () => {
  it("is nothing while all is well", () => {
    expect(notices(WELL)).toEqual([]);
  });

  it("names the worst first", () => {
    const all = notices({
      failing: "database or disk is full",
      rebuilding: { done: 5, total: 10, partial: true, for_review: false },
      rebuild_failed: "x",
      review_waits: true,
      checking: true,
      backup_failed: "x",
      damaged: 3,
      exchanged: 2,
    });
    expect(all.map((notice) => notice.id)).toEqual(["failing", "damaged", "exchanged", "rebuild-failed", "filling", "backup-failed", "review", "checking"]);
    expect(all[0]?.words, "the reason is told").toContain("database or disk is full.");
  });

  it("does not call damaged what was only taken away", () => {
    const all = notices({ ...WELL, damaged: 1, exchanged: 1 });
    expect(all.map((notice) => notice.id)).toEqual(["exchanged"]);
    expect(all[0]?.help, "and says what became of the record").toContain("Nothing is lost");
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
