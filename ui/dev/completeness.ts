import type { Completeness, DayStatement, Gap } from "../src/lib/api/types";
import { dayStart, isoDate } from "../src/lib/format/day.ts";
import { NOW } from "./seed.ts";

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const SURE = 5 * 60_000;

/** `gaps`: a laptop with a key, `no-key`: the same without one, `whole`: a server that never slept. */
type Standing = "gaps" | "no-key" | "whole";

/** Plays `/api/completeness`: a computer that sleeps every night, and what was read of Tencent's records. */
export class MockCompleteness {
  #standing: Standing = "whole";

  show(standing: string): object {
    this.#standing = standing as Standing;
    return {};
  }

  /** `days`: how many calls each day has; `apps`: whose. */
  answer(query: URLSearchParams, days: readonly { day: string; rows: number }[], apps: readonly string[]): Completeness {
    const [from, to] = [Number(query.get("from") ?? NOW - WEEK), Math.min(Number(query.get("to") ?? NOW), NOW)];
    const gaps = this.#gaps().filter((gap) => gap.to_ms > from && gap.from_ms < to);
    const told = days.filter(({ day }) => (dayStart(day, 1) ?? 0) > from && (dayStart(day) ?? 0) < to).map((day) => this.#day(day, gaps));
    const sum = (field: keyof DayStatement["calls"]) => told.reduce((all, { calls }) => all + calls[field], 0);
    return {
      from_ms: from,
      to_ms: to,
      zone: query.get("tz") ?? "UTC",
      calls: { calls: sum("calls"), confirmed: sum("confirmed"), only_callbacks: sum("only_callbacks"), only_fetched: sum("only_fetched") },
      complete_to_ms: this.#read ? NOW - SURE : null,
      gaps,
      apps: apps.map((app) => this.#app(app)),
      days: told.reverse(),
    };
  }

  get #read(): boolean {
    return this.#standing !== "no-key";
  }

  #gaps(): Gap[] {
    if (this.#standing === "whole") return [];
    const midnight = dayStart(isoDate(NOW)) ?? 0;
    const nights = Array.from({ length: 30 }, (_, i) => 30 - i).map((ago) => {
      const at = midnight - ago * 24 * HOUR + 22.5 * HOUR;
      return this.#gap(at, at + 8.75 * HOUR, ago === 9 ? "killed" : ago % 7 === 3 ? "stopped" : "slept");
    });
    const port = this.#gap(midnight - 35 * HOUR, midnight - 34.5 * HOUR, "port_closed");
    return [...nights, port].filter((gap) => gap.to_ms < NOW).sort((a, b) => a.from_ms - b.from_ms);
  }

  #gap(from_ms: number, to_ms: number, why: Gap["why"]): Gap {
    const oldest = NOW - WEEK;
    const forgotten = to_ms < oldest;
    if (this.#read && why !== "killed") return { from_ms, to_ms, why, calls: "fetched", forgets_ms: null };
    if (forgotten) return { from_ms, to_ms, why, calls: "forgotten", forgets_ms: null };
    return from_ms < oldest
      ? { from_ms, to_ms, why, calls: "partly_forgotten", forgets_ms: to_ms + WEEK }
      : { from_ms, to_ms, why, calls: "fetchable", forgets_ms: from_ms + WEEK };
  }

  #day({ day, rows }: { day: string; rows: number }, gaps: readonly Gap[]): DayStatement {
    const [begins, ends] = [dayStart(day) ?? 0, dayStart(day, 1) ?? 0];
    const own = gaps.filter((gap) => gap.to_ms > begins && gap.from_ms < ends);
    const fetched = this.#read && own.length > 0 ? Math.floor(rows / 20) : 0;
    const only_callbacks = this.#read ? Math.min(rows - fetched, 2) : rows;
    return {
      day,
      calls: { calls: rows, confirmed: rows - only_callbacks - fetched, only_callbacks, only_fetched: fetched },
      complete_to_ms: this.#read ? Math.min(ends, NOW - SURE) : null,
      gaps: own.map((gap) => ({ ...gap, from_ms: Math.max(gap.from_ms, begins), to_ms: Math.min(gap.to_ms, ends) })),
    };
  }

  #app(app: string): Completeness["apps"][number] {
    const period = { from_ms: NOW - 30 * 24 * HOUR, to_ms: NOW - 600_000, at_ms: NOW - 600_000 };
    return this.#read
      ? {
          app,
          complete_to_ms: NOW - SURE,
          fetched: [
            { ...period, product: "call", records: 1_284 },
            { ...period, product: "call-v1", records: 17 },
          ],
          fetchable: [],
        }
      : { app, complete_to_ms: null, fetched: [], fetchable: [{ from_ms: NOW - WEEK, to_ms: NOW - SURE, forgets_ms: NOW + 1_000 }] };
  }
}
