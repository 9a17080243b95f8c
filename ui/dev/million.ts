import type { CallRow, Days, Facets } from "../src/lib/api/types";
import { isoDate } from "../src/lib/format/day.ts";
import { APPS, dice, NOTHING_ADDED, NOW, USERS } from "./seed.ts";

/** A million calls of the last 400 days, none of them stored: each follows from its number. */
const CALLS = 1_000_000;
const DAYS = 400;
const RESULTS: CallRow["result"][] = [
  "normal_end",
  "normal_end",
  "normal_end",
  "normal_end",
  "not_answer",
  "not_answer",
  "cancel",
  "reject",
  "call_busy",
  "interrupt",
  "offline",
];

const midnight = (offset: number) => {
  const now = new Date(NOW);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).getTime();
};
interface Part {
  day: string;
  from: number;
  to: number;
  /** The number of its newest call. */
  first: number;
  rows: number;
}

/** The days, newest first: weekdays are busier than weekends, and a few days have no call. */
function parts(): Part[] {
  const random = dice(11);
  const weights = Array.from({ length: DAYS }, (_, back) => {
    const weekday = new Date(midnight(-back)).getDay();
    return back % 97 === 40 ? 0 : (weekday === 0 || weekday === 6 ? 0.35 : 1) * (0.7 + 0.6 * random());
  });
  const sum = weights.reduce((all, one) => all + one, 0);
  let first = 0;
  return weights.map((weight, back): Part => {
    const rows = back === DAYS - 1 ? CALLS - first : Math.round((weight / sum) * CALLS);
    const part = { day: isoDate(midnight(-back)), from: midnight(-back), to: back === 0 ? NOW : midnight(1 - back), first, rows };
    first += rows;
    return part;
  });
}

/** Answers the lists of such a record. Filters do not restrict it. */
export class Million {
  #parts = parts();
  /** Calls that came in since. */
  #news: CallRow[] = [];

  get length(): number {
    return CALLS + this.#news.length;
  }

  rows(at: number, limit: number): CallRow[] {
    const end = Math.min(this.length, at + limit);
    return Array.from({ length: Math.max(0, end - at) }, (_, i) => this.row(at + i));
  }

  row(index: number): CallRow {
    return this.#news[index] ?? this.#call(index - this.#news.length);
  }

  find(call_id: string): CallRow | undefined {
    const number = /^million-(\d+)$/.exec(call_id)?.[1];
    return number === undefined ? this.#news.find((call) => call.call_id === call_id) : this.#call(Number(number));
  }

  days(): Days["days"] {
    return this.#parts.map(({ day, rows }, i) => ({ day, rows: rows + (i === 0 ? this.#news.length : 0) })).filter((one) => one.rows > 0);
  }

  facets(): Facets {
    const share = (code: string, of: number, all: number) => ({ code, rows: Math.round((this.length * of) / all) });
    const results = [...new Set(RESULTS)].map((code) => share(code, RESULTS.filter((one) => one === code).length, RESULTS.length));
    return {
      result: results,
      media: [share("audio", 1, 2), share("video", 1, 2)],
      type: [share("single", 6, 7), share("group", 1, 7)],
      app: APPS.map(({ id }, i) => share(id, i === 0 ? 2 : 1, 3)),
    };
  }

  ring(): void {
    const ms = NOW + 1_000 * (this.#news.length + 1);
    this.#news.unshift({ ...this.#call(0), call_id: `new-${this.#news.length + 1}`, started_ms: ms, last_ms: ms });
  }

  #call(number: number): CallRow {
    const part = this.#parts.findLast((one) => one.rows > 0 && one.first <= number) as Part;
    const started_ms = Math.floor(part.to - ((number - part.first + 1) * (part.to - part.from)) / (part.rows + 1));
    const random = dice(number);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const [caller, group, result] = [pick(USERS), number % 7 === 3, pick(RESULTS)];
    const callees = [...new Set(Array.from({ length: group ? 4 : 1 }, () => pick(USERS)))].filter((user) => user !== caller);
    const ring = 2 + (number % 40);
    const talk = ["normal_end", "interrupt"].includes(result) ? Math.floor(random() ** 3 * 5400) + 3 : 0;
    const last_ms = started_ms + (ring + talk) * 1000;
    return {
      ...NOTHING_ADDED,
      app: pick(APPS).id,
      call_id: `million-${number}`,
      started_ms,
      answered_ms: talk > 0 ? started_ms + ring * 1000 : null,
      ended_ms: last_ms,
      result,
      media: random() < 0.5 ? "video" : "audio",
      type: group ? "group" : "single",
      caller,
      callees,
      others: [],
      members: callees.length + 1,
      ring_seconds: ring,
      talk_seconds: talk,
      room_id: String(number),
      room_id_type: "number",
      source: "callback",
      last_ms,
    };
  }
}
