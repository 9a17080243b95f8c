import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { PageRequest } from "../api/client";
import type { Page } from "../api/types";
import { PAGE, PagedList } from "./paged.svelte";

/** A record of numbered rows, newest (highest) first; the cursor is the last row that was read. */
class Record {
  newest = 1000;
  asked: PageRequest[] = [];

  ask = (_filter: string, page: PageRequest): Promise<Page<number>> => {
    this.asked.push(page);
    const from = page.cursor === undefined ? this.newest : Number(page.cursor) - 1;
    const rows = Array.from({ length: Math.max(0, Math.min(page.limit ?? 200, from)) }, (_, i) => from - i);
    const last = rows.at(-1) ?? 1;
    return Promise.resolve({ rows, next: last > 1 ? String(last) : null, total: page.total ? this.newest : null });
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function isWhole(rows: number[]): boolean {
  return rows.every((row, i) => i === 0 || row === (rows[i - 1] ?? 0) - 1);
}

describe("a list that is read in pages", () => {
  it("reads one page, and more only when somebody comes near its end", async () => {
    const record = new Record();
    const list = new PagedList<string, number>(record.ask, String);
    list.want("");
    await settle();
    expect([list.rows.length, list.total, list.more]).toEqual([PAGE, 1000, true]);
    list.look(0, 20);
    await settle();
    expect(record.asked.length, "twenty rows in, there is no need").toBe(1);
    list.look(150, 170);
    await settle();
    expect(list.rows.length).toBe(2 * PAGE);
    expect(isWhole(list.rows), "no gap, nothing twice").toBe(true);
  });

  it("takes in new rows without losing what was read", async () => {
    const record = new Record();
    const list = new PagedList<string, number>(record.ask, String);
    list.want("");
    await settle();
    list.look(180, 199);
    await settle();
    list.look(350, 399);
    await settle();
    record.newest += 30;
    list.changed();
    await settle(600);
    expect([list.rows[0], list.total]).toEqual([1030, 1030]);
    expect(list.rows.length, "the three pages and the thirty new rows").toBe(3 * PAGE + 30);
    expect(record.asked.length, "the newest page and the two that are visible, not all").toBe(3 + 2);
    expect(isWhole(list.rows)).toBe(true);
  });

  it("reads on to where somebody looks when more came in than a page holds", async () => {
    const record = new Record();
    const list = new PagedList<string, number>(record.ask, String);
    list.want("");
    await settle();
    list.look(180, 199);
    await settle();
    list.look(350, 399);
    await settle();
    record.newest += 700;
    list.changed();
    await settle(600);
    expect(list.rows.length, "at least as far as was visible").toBeGreaterThanOrEqual(400);
    expect(isWhole(list.rows)).toBe(true);
  });

  it("shows nothing of an earlier filter once the new one is answered", async () => {
    const list = new PagedList<string, string>((filter) => Promise.resolve({ rows: [filter], next: null, total: 1 }), String);
    list.want("a");
    list.want("b");
    await settle();
    expect(list.rows).toEqual(["b"]);
  });

  it("can be tried again after a failure", async () => {
    let broken = true;
    const list = new PagedList<string, number>(() => (broken ? Promise.reject(new TypeError("x")) : Promise.resolve({ rows: [1], next: null, total: 1 })), String);
    list.want("");
    await settle();
    expect(list.problem, "a failure is told").toBeDefined();
    broken = false;
    list.retry();
    await settle();
    expect([list.rows, list.problem]).toEqual([[1], undefined]);
  });
});
