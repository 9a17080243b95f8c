import type { CaseDetail, CaseEntry, CaseFigures, CaseKey, CaseRow, CaseSet, FollowUpSettings, Named } from "../src/lib/api/cases";
import type { CallRow, Edit, Subject } from "../src/lib/api/types";
import { Entries, key, type Writer } from "./entries.ts";
import { ANN, BEN } from "./invented.ts";
import { NOW } from "./seed.ts";

const HOUR = 3_600_000;
const SETTINGS: FollowUpSettings = {
  results: { not_answer: true, call_busy: true, offline: true, failed: true, cancel: true, reject: false },
  cancel_after_ms: 5_000,
};
type Field = "case.state" | "case.assignee" | "case.until" | "case.reason";

/** What cases are made of. */
export interface Own {
  calls: () => readonly CallRow[];
  /** All ids of a person, the one that stands for it first. */
  users: (user: string) => string[];
  name: (user: string) => string;
  ours: (user: string) => boolean;
  /** As lists show it. */
  shown: (call: CallRow) => CallRow;
}

interface Case {
  row: CaseRow;
  misses: CallRow[];
  closing: CallRow | undefined;
}

type Happening = { at: number; app: string; user: string } & ({ miss: CallRow } | { talk: CallRow; by: string } | { entry: CaseEntry });

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1] ?? null;

/** Follow-up as the program has it: whoever was missed is a case until one of ours and they have talked. */
export class MockCases {
  #log: Entries;
  #record: Own;
  #made: { at: string; cases: Case[] } | undefined;

  constructor(log: Entries, record: Own) {
    this.#log = log;
    this.#record = record;
  }

  /** Some cases were worked already. */
  invent(): void {
    const rows = this.#cases().map(({ row }) => row);
    const set = (row: CaseRow | undefined, field: Field, value: unknown, who: Writer, at = NOW - HOUR) =>
      row && this.#write({ app: row.app, call_id: row.call_id }, field, value, who, at);
    const open = rows.filter(({ state }) => state === "open");
    const closed = rows.filter(({ state }) => state === "closed_itself");
    for (const [i, row] of open.entries()) if (i % 3 === 1) set(row, "case.assignee", i % 2 === 0 ? ANN : BEN, BEN);
    set(open[2], "case.until", NOW + 20 * HOUR, ANN);
    set(open[5], "case.until", NOW - HOUR / 2, BEN);
    set(open[4], "case.state", "done", BEN);
    set(open[4], "case.reason", "Wrong number; asked not to be called again.", BEN);
    set(closed[3], "case.assignee", ANN, ANN, (closed[3]?.closed_ms ?? NOW) - HOUR);
  }

  #settings(): FollowUpSettings {
    const kept = this.#log.text(["team"], "follow_up");
    return kept === "" ? SETTINGS : (JSON.parse(kept) as FollowUpSettings);
  }

  #write({ app, call_id }: CaseKey, field: string, value: unknown, who: Writer, at: number): string {
    return this.#log.add({ subject: ["call", app, call_id], field, value: value as Edit["value"] }, at, who).id;
  }

  #isMiss(call: CallRow, settings: FollowUpSettings, anybodyOurs: boolean): boolean {
    if (!settings.results[call.result as keyof FollowUpSettings["results"]] || call.caller === "") return false;
    if (call.result === "cancel" && (call.ring_seconds ?? 0) * 1000 < settings.cancel_after_ms) return false;
    return !anybodyOurs || (!this.#record.ours(call.caller) && call.callees.some(this.#record.ours));
  }

  /** What happened to each caller, in its order; in one moment the talk comes first. */
  #happenings(): Happening[] {
    const { calls, users, ours } = this.#record;
    const settings = this.#settings();
    const anybody = calls().some(({ caller }) => ours(caller));
    const out: Happening[] = [];
    const head = (user: string) => users(user)[0] ?? user;
    const missed = new Map<string, string>();
    for (const call of calls()) {
      if (this.#isMiss(call, settings, anybody)) {
        out.push({ at: call.started_ms, app: call.app, user: head(call.caller), miss: call });
        missed.set(key(["call", call.app, call.call_id]), head(call.caller));
      }
      if (call.answered_ms === null) continue;
      const talkers = [call.caller, ...call.callees];
      const by = talkers.find(ours);
      if (by !== undefined)
        for (const user of talkers) if (!ours(user)) out.push({ at: call.answered_ms, app: call.app, user: head(user), talk: call, by: head(by) });
    }
    const held = new Map(this.#log.all.filter(({ field }) => field.startsWith("case.")).map((entry) => [key(entry.subject) + entry.field, entry]));
    for (const entry of held.values()) {
      const user = missed.get(key(entry.subject));
      if (user !== undefined && entry.value !== null) out.push({ at: entry.at_ms, app: entry.subject[1] ?? "", user, entry });
    }
    return out.sort((a, b) => a.at - b.at || Number("miss" in a) - Number("miss" in b));
  }

  /** The newest first. */
  #cases(): Case[] {
    const at = `${this.#log.all.length} ${this.#record.calls().length} ${Math.floor(Date.now() / 10_000)}`;
    if (this.#made?.at === at) return this.#made.cases;
    const all: Case[] = [];
    const open = new Map<string, Case>();
    const having = new Map<string, Case>();
    for (const one of this.#happenings()) {
      const place = `${one.app} ${one.user}`;
      const now = open.get(place);
      if ("miss" in one) {
        const found = now ?? this.#begin(one.miss, one.user, all);
        found.misses.push(one.miss);
        Object.assign(found.row, { call_id: one.miss.call_id, misses: found.misses.length, last_ms: one.miss.started_ms });
        open.set(place, found);
        having.set(key(["call", one.app, one.miss.call_id]), found);
      } else if ("talk" in one) {
        const end = now?.misses[0]?.ended_ms ?? 0;
        if (now === undefined || one.talk.started_ms <= end) continue;
        const how = this.#record.ours(one.talk.caller) ? "called_back" : "called_again";
        const by = { id: one.by, name: this.#record.name(one.by) };
        Object.assign(now.row, { state: "closed_itself", closed_ms: one.at, how, by, after_ms: one.at - end, closing_call_id: one.talk.call_id });
        now.closing = one.talk;
        open.delete(place);
      } else this.#apply(one.entry, having.get(key(one.entry.subject)), () => open.delete(place));
    }
    for (const { row } of all) if (row.state === "open" && (row.until_ms ?? 0) > Date.now()) row.state = "put_off";
    this.#made = { at, cases: all.sort((a, b) => b.row.last_ms - a.row.last_ms) };
    return this.#made.cases;
  }

  #begin({ app, started_ms }: CallRow, user: string, all: Case[]): Case {
    const row: CaseRow = {
      app,
      call_id: "",
      user,
      name: this.#record.name(user),
      state: "open",
      misses: 0,
      first_ms: started_ms,
      last_ms: started_ms,
      closed_ms: null,
      how: "",
      by: null,
      after_ms: null,
      closing_call_id: "",
      assignee: null,
      until_ms: null,
      reason: "",
      calls: [],
    };
    const made = { row, misses: [], closing: undefined };
    all.push(made);
    return made;
  }

  #apply({ field, value, person, at_ms }: CaseEntry, found: Case | undefined, close: () => void): void {
    if (found === undefined) return;
    const { row } = found;
    if (field === "case.assignee") row.assignee = value as Named;
    if (field === "case.until") row.until_ms = value as number;
    if (field === "case.reason") row.reason = String(value);
    if (field !== "case.state") return;
    const after_ms = at_ms - (found.misses[0]?.ended_ms ?? 0);
    const closed = { state: "done", closed_ms: at_ms, how: "by_hand", by: person, after_ms, closing_call_id: "" };
    Object.assign(row, value === "done" ? closed : { state: "open", closed_ms: null, how: "", by: null, after_ms: null, closing_call_id: "" });
    found.closing = undefined;
    if (value === "done") close();
  }

  #found(query: URLSearchParams, me: Writer): Case[] {
    const states = query.get("state")?.split(",");
    const assignee = query.get("assignee") === "me" ? me.id : query.get("assignee");
    const person = query.get("person");
    const q = (query.get("q") ?? "").toLowerCase();
    return this.#cases().filter(
      ({ row, misses }) =>
        (states?.includes(row.state) ?? true) &&
        (assignee === null || (row.assignee?.id ?? "-") === assignee) &&
        (person === null || this.#record.users(person).includes(row.user)) &&
        (query.get("app") ?? row.app) === row.app &&
        row.last_ms >= Number(query.get("from") ?? 0) &&
        row.last_ms < Number(query.get("to") ?? Infinity) &&
        [row.name, row.user, row.reason, ...misses.map(({ call_id }) => call_id)].some((one) => one.toLowerCase().includes(q)),
    );
  }

  rows(query: URLSearchParams, me: Writer): CaseRow[] {
    return this.#found(query, me).map(({ row }) => row);
  }

  figures(query: URLSearchParams, me: Writer): CaseFigures {
    const rows = this.rows(query, me);
    const of = (state: CaseRow["state"]) => rows.filter((row) => row.state === state).length;
    return {
      open: of("open"),
      put_off: of("put_off"),
      done: of("done"),
      closed_itself: of("closed_itself"),
      mine: rows.filter(({ state, assignee }) => state === "open" && assignee?.id === me.id).length,
      stale: 0,
      median_after_ms: median(rows.flatMap(({ after_ms }) => after_ms ?? [])),
      anybody_ours: this.#record.calls().some(({ caller }) => this.#record.ours(caller)),
      assignees: [{ id: me.id, name: me.name }, BEN, { id: "33333333-3333-4333-8333-333333333333", name: "<b>Eve</b> \u202Eevil" }],
    };
  }

  detail({ app, call_id }: CaseKey): CaseDetail | undefined {
    const found = this.#cases().find(({ row, misses }) => row.app === app && misses.some((miss) => miss.call_id === call_id));
    if (found === undefined) return undefined;
    const subjects = found.misses.map((miss): string => key(["call", miss.app, miss.call_id]));
    return {
      case: found.row,
      misses: found.misses.map(this.#record.shown),
      closing: found.closing ? this.#record.shown(found.closing) : null,
      history: this.#log.all.filter(({ subject, field }) => field.startsWith("case.") && subjects.includes(key(subject))).toReversed(),
    };
  }

  set(filter: URLSearchParams | undefined, cases: readonly CaseKey[], set: CaseSet, me: Writer): string[] {
    const fields = { "case.state": set.state, "case.assignee": set.assignee, "case.until": set.until_ms, "case.reason": set.reason };
    const these = filter === undefined ? cases : this.rows(filter, me);
    return these.flatMap((one) =>
      Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [this.#write(one, field, value, me, Date.now())])),
    );
  }

  /** Reads or keeps what counts as missed. */
  settings(next?: FollowUpSettings): FollowUpSettings | { ids: string[] } {
    if (next === undefined) return this.#settings();
    const subject: Subject = ["team"];
    return { ids: [this.#log.add({ subject, field: "follow_up", value: JSON.stringify(next) }, Date.now(), ANN).id] };
  }
}
