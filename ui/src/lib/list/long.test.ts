import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { PageRequest } from "../api/client";
import type { Days, Page } from "../api/types";
import { isoDate } from "../format/day";
import { PAGE } from "./held";
import { LongList, type Spot } from "./long.svelte";

const DAY = 86_400_000;
const NOON = new Date(2026, 10, 21, 12).getTime();

interface Row {
  key: string;
  at: number;
  day: string;
}

/** A row of so many days before. */
function row(key: string, back: number): Row {
  const at = NOON - back * DAY;
  return { key, at, day: (days[back] ??= isoDate(at)) };
}
const days: string[] = [];

/** A record of rows with numbers, newest first, forty a day. Answers come when the clock of the test goes on. */
class Record {
  rows: Row[];
  asked: { at: number; signal: AbortSignal }[] = [];
  counted = 0;
  rowsTake = 10;
  daysTake = 10;
  broken = false;

  constructor(size: number) {
    this.rows = Array.from({ length: size }, (_, i) => row(`r${i}`, Math.floor(i / 40)));
  }

  list = () => new LongList<string, Row>({ rows: this.read, days: this.count, key: (row) => row.key, at: (row) => row.at });

  read = async (_: string, { at, limit }: PageRequest, signal: AbortSignal): Promise<Page<Row>> => {
    this.asked.push({ at, signal });
    const page = { rows: this.rows.slice(at, at + limit), next: at + limit < this.rows.length ? "more" : null };
    await this.#wait(this.rowsTake, signal);
    return page;
  };

  count = async (_: string, signal: AbortSignal): Promise<Days> => {
    this.counted += 1;
    const days = new Map<string, number>();
    for (const { day } of this.rows) days.set(day, (days.get(day) ?? 0) + 1);
    await this.#wait(this.daysTake, signal);
    return { total: this.rows.length, days: [...days].map(([day, rows]) => ({ day, rows })) };
  };

  /** So many rows come in on top. */
  grow(n: number) {
    this.rows = [...Array.from({ length: n }, (_, i) => row(`new${i} ${this.rows.length}`, 0)), ...this.rows];
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done, give) => {
      signal.addEventListener("abort", () => give(new DOMException("given up", "AbortError")));
      setTimeout(() => (this.broken ? give(new TypeError("x")) : done()), ms);
    });
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = (ms = 100) => vi.advanceTimersByTimeAsync(ms);

async function listed(record: Record) {
  const list = record.list();
  list.want("");
  await settle();
  return list;
}

describe("a list of any length", () => {
  it("shows the newest rows before it is known how many there are", async () => {
    const record = new Record(10_000);
    record.daysTake = 5_000;
    const list = await listed(record);
    expect([list.held.row(0)?.key, list.layout.rows, list.total], "nothing waits for the total").toEqual(["r0", PAGE, undefined]);
    await settle(5_000);
    expect([list.layout.rows, list.layout.days.length, list.total]).toEqual([10_000, 250, 10_000]);
  });

  it("reads the rows of any place, and what is around it afterwards", async () => {
    const record = new Record(10_000);
    const list = await listed(record);
    record.asked = [];
    list.look(7_150, 7_170);
    expect(
      record.asked.map(({ at }) => at),
      "first what is seen",
    ).toEqual([7_100]);
    await settle();
    expect(list.held.row(7_160)?.key).toBe("r7160");
    list.look(7_190, 7_210);
    await settle();
    expect(
      record.asked.map(({ at }) => at),
      "then both sides of it",
    ).toEqual([7_100, 7_200]);
    list.look(9_980, 9_999);
    await settle();
    expect(list.held.row(9_999)?.key, "the oldest row").toBe("r9999");
  });

  it("gives up the places that were passed by, and asks now and then on the way", async () => {
    const record = new Record(20_000);
    const list = await listed(record);
    record.asked = [];
    record.rowsTake = 1_000;
    for (let n = 1; n <= 60; n += 1) {
      list.look(n * 300, n * 300 + 20);
      await settle(16);
    }
    expect(record.asked.length, "sixty frames in a second are not sixty questions").toBeLessThanOrEqual(22);
    await settle(1_100);
    expect(list.held.row(18_010)?.key, "where it ends is read").toBe("r18010");
    const open = record.asked.filter(({ signal }) => !signal.aborted).map(({ at }) => at);
    expect(
      open.every((at) => Math.abs(at - 18_000) <= PAGE),
      `the others were given up, not ${open}`,
    ).toBe(true);
  });

  it("keeps a bounded number of rows", async () => {
    const list = await listed(new Record(20_000));
    for (let at = 0; at < 20_000; at += 400) {
      list.look(at, at + 20);
      await settle();
    }
    expect(list.held.size).toBeLessThanOrEqual(24 * PAGE);
  });

  it("takes in new rows at the top as soon as they are there", async () => {
    const record = new Record(1_000);
    const list = await listed(record);
    record.daysTake = 2_000;
    record.grow(3);
    list.changed();
    await settle(700);
    expect([list.held.row(0)?.key, list.layout.days[0]?.rows], "also while the days are still being counted").toEqual(["new0 1000", 43]);
    await settle(2_000);
    expect([list.total, list.layout.rows]).toEqual([1_003, 1_003]);
  });

  it("keeps sight of a row while others come in above it", async () => {
    const record = new Record(10_000);
    const list = await listed(record);
    list.look(7_150, 7_170);
    await settle();
    const [read, far]: Spot[] = [
      { index: 7_155, key: "r7155" },
      { index: 2_000, key: "r2000" },
    ];
    list.keep(read as Spot);
    list.keep(far as Spot);
    record.grow(250);
    const places: (string | undefined)[] = [];
    list.changed();
    for (let ms = 0; ms < 700; ms += 5) {
      await settle(5);
      places.push(list.held.row(read?.index ?? -1)?.key);
    }
    expect(
      places.every((key) => key === "r7155"),
      "at no time another row is in its place",
    ).toBe(true);
    expect([read?.index, far?.index], "also one that is not read").toEqual([7_405, 2_250]);
  });

  it("corrects what it presumed when rows come in between", async () => {
    const record = new Record(10_000);
    const list = await listed(record);
    list.look(7_150, 7_170);
    await settle();
    const spot: Spot = { index: 7_155, key: "r7155" };
    list.keep(spot);
    // Late, and below the row on its own day: it does not move, although its day has grown.
    record.rows.splice(7_180, 0, row("late", 179));
    list.changed();
    await settle(800);
    expect([spot.index, list.held.row(7_155)?.key]).toEqual([7_155, "r7155"]);
  });

  it("names a row that was waited for", async () => {
    const list = await listed(new Record(10_000));
    const spot: Spot = { index: 9_999, key: undefined };
    list.keep(spot);
    list.look(9_980, 9_999);
    await settle();
    expect(spot.key).toBe("r9999");
  });

  it("is asked again at most twice a second", async () => {
    const record = new Record(1_000);
    const list = await listed(record);
    const before = record.counted;
    for (let ms = 0; ms < 5_000; ms += 10) {
      list.changed();
      await settle(10);
    }
    expect(record.counted - before).toBeLessThanOrEqual(10);
    expect(record.counted - before, "but it is asked").toBeGreaterThan(5);
  });

  it("waits for a slow answer instead of asking anew for ever", async () => {
    const record = new Record(1_000);
    record.rowsTake = record.daysTake = 3_000;
    const list = record.list();
    list.want("");
    for (let ms = 0; ms < 2_900; ms += 100) {
      list.changed();
      await settle(100);
    }
    expect(record.asked.length, "the first is still waited for").toBe(1);
    await settle(1_000);
    expect([list.held.row(0)?.key, record.asked.length], "then the change is asked for").toEqual(["r0", 2]);
  });

  it("shows nothing of an earlier filter once the new one is answered", async () => {
    const [one, other] = [new Record(5_000), new Record(7)];
    const list = new LongList<string, Row>({
      rows: (filter, page, signal) => (filter === "one" ? one : other).read(filter, page, signal),
      days: (filter, signal) => (filter === "one" ? one : other).count(filter, signal),
      key: (row) => row.key,
      at: (row) => row.at,
    });
    list.want("one");
    await settle();
    const shown = list.shown;
    const [both, gone]: Spot[] = [
      { index: 4_000, key: "r3" },
      { index: 5, key: "gone" },
    ];
    list.keep(both as Spot);
    list.keep(gone as Spot);
    one.daysTake = one.rowsTake = 500;
    list.want("one");
    list.want("other");
    expect([list.stale, list.layout.rows], "until then what was there stays").toEqual([true, 5_000]);
    await settle(1_000);
    expect([list.stale, list.layout.rows, list.total, list.held.row(10)]).toEqual([false, 7, 7, undefined]);
    expect([both?.index, gone?.index], "a place in the one is none in the other").toEqual([3, -1]);
    expect(list.shown, "the list begins at its top again").toBe(shown + 1);
  });

  it("says when nothing is found", async () => {
    const list = await listed(new Record(0));
    expect([list.empty, list.total]).toEqual([true, 0]);
  });

  it("tells a failure, and comes back by itself when the record answers", async () => {
    const record = new Record(500);
    record.broken = true;
    const list = await listed(record);
    expect([list.problem?.message.includes("did not answer"), list.empty]).toEqual([true, false]);
    record.broken = false;
    list.changed();
    await settle(1_000);
    expect([list.problem, list.held.row(0)?.key]).toEqual([undefined, "r0"]);
    record.broken = true;
    list.look(300, 320);
    await settle();
    expect([list.problem !== undefined, list.held.row(0)?.key], "what was known stays").toEqual([true, "r0"]);
    record.broken = false;
    list.retry();
    await settle();
    expect([list.problem, list.held.row(310)?.key]).toEqual([undefined, "r310"]);
  });
});
