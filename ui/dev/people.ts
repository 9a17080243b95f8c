import type { CaseKey, CaseSet, FollowUpSettings } from "../src/lib/api/cases";
import type { CallDetailRow, CallRow, Contact, Edit, PersonDetail, PersonRow, RoomDetailRow, RoomRow, StayRow, Subject } from "../src/lib/api/types";
import { MockCases } from "./cases.ts";
import { type Imported, type Known, previewOf } from "./contacts.ts";
import { Entries, key } from "./entries.ts";
import { ANN, invent, TAGS } from "./invented.ts";
import { seededStays } from "./rooms.ts";
import type { Seeded } from "./seed.ts";

interface Answer {
  status: number;
  json: unknown;
}

const ok = (json: unknown): Answer => ({ status: 200, json });
const missing: Answer = { status: 404, json: { code: "not_found", message: "Nobody has heard of this user." } };

/** What people add, as the program answers it, from a log of entries. */
export class MockPeople {
  #log = new Entries();
  #seed: () => Seeded;
  #changed: () => void;
  #me = { ...ANN, named: process.env.MOCK_NAMED === "1" };
  /** The users of each person, by every one of these ids. */
  #persons = new Map<string, string[]>();
  #seen = new Map<string, { calls: number; first: number; last: number; stays: number }>();
  #counted: Seeded | undefined;
  #cases: MockCases;

  constructor(seed: () => Seeded, changed: () => void) {
    this.#seed = seed;
    this.#changed = changed;
    const ours = (user: string) => this.users(user).some((one) => this.#log.has(["user", one], "ours"));
    const own = {
      calls: () => this.#seed().calls,
      users: (user: string) => this.users(user),
      name: (user: string) => this.name(user),
      ours,
      shown: (call: CallRow) => this.call(call),
    };
    this.#cases = new MockCases(this.#log, own);
    if (process.env.MOCK === "first-run") return;
    invent(this.#log, seed());
    this.#cases.invent();
  }

  /** What the lists of `answers.ts` show. */
  cases(query: URLSearchParams) {
    return this.#cases.rows(query, this.#me);
  }

  /** All ids of the person that has this one; the one that is meant by the others first. */
  users(user: string): string[] {
    if (this.#persons.size === 0) {
      const all = new Set([...this.#counts().keys(), ...this.#log.all.flatMap(({ subject }) => (subject[0] === "user" ? [subject[1]] : []))]);
      for (const one of all) {
        let head = one;
        for (const passed = new Set<string>(); this.#log.text(["user", head], "same_as") !== "" && !passed.has(head);) {
          passed.add(head);
          head = this.#log.text(["user", head], "same_as");
        }
        const group = this.#persons.get(head) ?? [head];
        if (!group.includes(one)) group.push(one);
        this.#persons.set(head, group).set(one, group);
      }
    }
    return this.#persons.get(user) ?? [user];
  }

  name(user: string): string {
    return (
      this.users(user)
        .map((one) => this.#log.text(["user", one], "name"))
        .find((name) => name !== "") ?? ""
    );
  }

  #first(user: string, field: string): string {
    return (
      this.users(user)
        .map((one) => this.#log.text(["user", one], field))
        .find((value) => value !== "") ?? ""
    );
  }

  call(call: CallRow): CallRow {
    const on: Subject = ["call", call.app, call.call_id];
    const notes = this.#log.noted().get(key(on)) ?? [];
    const names = (users: readonly string[]) => users.map((user) => this.name(user));
    return {
      ...call,
      caller_name: this.name(call.caller),
      callee_names: names(call.callees),
      other_names: names(call.others),
      tags: this.#log.tagged().get(key(on)) ?? [],
      notes: notes.length,
      note: notes.map(({ text }) => text).join("\n"),
    };
  }

  detail(detail: CallDetailRow): CallDetailRow {
    const { app, call_id } = detail.call;
    const users = [detail.call.caller, ...detail.call.callees, ...detail.members.map(({ user }) => user), ...detail.steps.map(({ user }) => user)];
    const members = detail.members.map((member) => ({ ...member, user_name: this.name(member.user) }));
    return { ...detail, call: this.call(detail.call), members, names: this.names(users), notes: this.#log.notesOn(["call", app, call_id]) };
  }

  /** Only those that have one. */
  names(users: readonly string[]): Record<string, string> {
    return Object.fromEntries(users.map((user) => [user, this.name(user)]).filter(([, name]) => name !== ""));
  }

  room(detail: RoomDetailRow): RoomDetailRow {
    const { app, product, room_id_type, room_id, owner } = detail.room;
    const on: Subject = ["room", app, product, room_id_type, room_id];
    const inside = Object.keys(detail.details).flatMap((register) => (register.startsWith("admin:") ? [register.slice(6)] : []));
    const seated = Object.values(detail.details).map((value) => String((value as { Member_Account?: string } | null)?.Member_Account ?? ""));
    return {
      ...detail,
      room: this.roomRow(detail.room),
      names: this.names([owner, ...inside, ...seated, ...detail.steps.map(({ user }) => user)]),
      notes: this.#log.notesOn(on),
      tags: this.#log.tagsOf(on),
    };
  }

  roomRow = (room: RoomRow): RoomRow => ({ ...room, owner_name: this.name(room.owner), found_name: this.name(room.found_user ?? "") });

  stay = (stay: StayRow): StayRow => ({ ...stay, user_name: this.name(stay.user) });

  #counts() {
    const seed = this.#seed();
    if (this.#counted === seed) return this.#seen;
    this.#counted = seed;
    this.#seen.clear();
    this.#persons.clear();
    const see = (user: string, at: number, of: "calls" | "stays") => {
      const seen = this.#seen.get(user) ?? { calls: 0, first: at, last: at, stays: 0 };
      seen[of] += 1;
      this.#seen.set(user, { ...seen, first: Math.min(seen.first, at), last: Math.max(seen.last, at) });
    };
    for (const call of seed.calls) for (const user of new Set([call.caller, ...call.callees])) if (user !== "") see(user, call.started_ms, "calls");
    for (const room of seed.rooms) for (const stay of seededStays(room)) see(stay.user, stay.entered_ms ?? stay.left_ms ?? 0, "stays");
    return this.#seen;
  }

  #person(user: string): PersonRow {
    const users = this.users(user);
    const seen = users.flatMap((one) => this.#counts().get(one) ?? []);
    return {
      user: users[0] ?? user,
      users,
      name: this.name(user),
      team: this.#first(user, "team"),
      ours: users.some((one) => this.#log.has(["user", one], "ours")),
      phone: this.#first(user, "phone"),
      email: this.#first(user, "email"),
      comment: this.#first(user, "comment"),
      calls: seen.reduce((sum, one) => sum + one.calls, 0),
      first_ms: seen.length === 0 ? null : Math.min(...seen.map(({ first }) => first)),
      last_ms: seen.length === 0 ? null : Math.max(...seen.map(({ last }) => last)),
      notes: users.reduce((sum, one) => sum + (this.#log.noted().get(key(["user", one])) ?? []).length, 0),
      same_as: "",
    };
  }

  /** Everybody a filter finds, last seen first. */
  people(query: URLSearchParams): PersonRow[] {
    this.users("");
    const heads = [...new Set([...this.#persons.values()].map((users) => users[0] ?? ""))].filter((user) => user !== "");
    const q = (query.get("q") ?? "").toLowerCase();
    return heads
      .map((user) => this.#person(user))
      .filter(
        (one) =>
          `${one.name} ${one.users.join(" ")} ${one.team} ${one.phone} ${one.email}`.toLowerCase().includes(q) &&
          (query.get("team") === null || one.team === query.get("team")) &&
          (query.get("ours") === null || one.ours === (query.get("ours") === "yes")),
      )
      .sort((a, b) => (b.last_ms ?? 0) - (a.last_ms ?? 0));
  }

  #contact(user: string): Contact {
    const said = (field: string) => this.#log.text(["user", user], field);
    return {
      user,
      name: said("name"),
      team: said("team"),
      ours: this.#log.has(["user", user], "ours"),
      phone: said("phone"),
      email: said("email"),
      comment: said("comment"),
      same_as: said("same_as"),
      others: user === "patient-0042" && said("comment") === "Call after four" ? { comment: ["Prefers to be called after four in the afternoon"] } : {},
    };
  }

  #detail(user: string): PersonDetail | undefined {
    if (!this.#counts().has(user) && !this.#log.all.some(({ subject }) => subject[0] === "user" && subject[1] === user)) return undefined;
    const person = this.#person(user);
    return {
      person,
      contacts: person.users.filter((one) => this.#log.all.some(({ subject }) => subject[0] === "user" && subject[1] === one)).map((one) => this.#contact(one)),
      notes: person.users.flatMap((one) => this.#log.notesOn(["user", one])),
      tags: [...new Set(person.users.flatMap((one) => this.#log.tagsOf(["user", one])))].sort(),
      stays: person.users.reduce((sum, one) => sum + (this.#counts().get(one)?.stays ?? 0), 0),
    };
  }

  #import(name: string, query: URLSearchParams, body: string, told: (answer: unknown) => Answer): Answer {
    const known = (user: string): Known | undefined =>
      this.#log.all.some(({ subject }) => subject[0] === "user" && subject[1] === user) ? { ...this.#contact(user) } : undefined;
    const { preview, rows, problem } = previewOf(body, query.get("map"), known);
    if (problem) return { status: 400, json: { code: "bad_request", message: "The file cannot be read.", problem } };
    if (name === "contacts/preview") return ok(preview);
    const plan = preview.plan;
    if (!plan)
      return { status: 400, json: { code: "bad_request", message: "No ids.", problem: { code: "contacts_unmapped", why: { code: "no_user", columns: [] } } } };
    const none = query.get("all_or_none") === "true" && plan.counts.refused > 0;
    const edits = rows.flatMap(({ user, changes }) => changes.map(({ field, after }): Edit => ({ subject: ["user", user], field, value: after })));
    const ids = none ? [] : edits.map((edit) => this.#log.add(edit, Date.now(), this.#me).id);
    const imported: Imported = { ids, counts: plan.counts, refused: plan.refused };
    return told(imported);
  }

  /** Answers what the lists of `answers.ts` do not; `calls` are those that a filter finds. */
  answer(method: string, url: URL, body: string, calls: (filter: URLSearchParams) => CallRow[]): Answer | undefined {
    const name = url.pathname.slice("/api/".length);
    const query = url.searchParams;
    const sent = () => JSON.parse(body === "" ? "{}" : body) as Record<string, unknown>;
    const told = (answer: unknown): Answer => {
      this.#persons.clear();
      this.#changed();
      return ok(answer);
    };
    if (name === "mock/named") {
      this.#me.named = query.has("yes");
      return ok({});
    }
    if (name === "me") {
      if (method === "PUT") this.#me = { ...this.#me, name: String(sent().name), named: true };
      return ok(this.#me);
    }
    if (name === "people/teams") {
      const teams = new Map<string, number>();
      for (const { team } of this.people(new URLSearchParams())) if (team !== "") teams.set(team, (teams.get(team) ?? 0) + 1);
      return ok({ teams: [...teams].map(([team, people]) => ({ team, people })).sort((a, b) => a.team.localeCompare(b.team)) });
    }
    if (name === "people/find") {
      const found = this.people(query);
      return ok({ people: [...found.filter((one) => one.name !== ""), ...found.filter((one) => one.name === "")].slice(0, Number(query.get("limit") ?? 20)) });
    }
    if (name === "person") {
      const detail = this.#detail(query.get("user") ?? "");
      return detail ? ok(detail) : missing;
    }
    if (name === "tags") {
      const uses = new Map<string, number>(TAGS.map((tag) => [tag, 0]));
      for (const [subject, tags] of this.#log.tagged()) for (const tag of tags) if (subject.startsWith('["call"')) uses.set(tag, (uses.get(tag) ?? 0) + 1);
      const colour = (tag: string) => this.#log.text(["team"], `tag_colour:${tag}`);
      return ok({ tags: [...uses].filter(([tag, n]) => n > 0 || colour(tag) !== "").map(([tag, calls]) => ({ tag, colour: colour(tag), calls })) });
    }
    if (name === "entries" && method === "GET") {
      const subject = query.get("subject") ?? "";
      return ok({
        entries: this.#log.all
          .filter((one) => key(one.subject) === subject)
          .toReversed()
          .slice(0, Number(query.get("limit") ?? 50)),
      });
    }
    if (name === "entries") return told({ entries: (sent().edits as Edit[]).map((edit) => this.#log.add(edit, Date.now(), this.#me)) });
    if (name === "entries/undo") return told({ entries: this.#log.undo(sent().ids as string[], this.#me) });
    if (name === "contacts/preview" || name === "contacts/import") return this.#import(name, query, body, told);
    if (name === "notes") return told(this.#log.noteRow(this.#log.note(sent().on as Subject, String(sent().text), Date.now(), this.#me)));
    if (name === "cases/figures") return ok(this.#cases.figures(query, this.#me));
    if (name === "case") {
      const detail = this.#cases.detail({ app: query.get("app") ?? "", call_id: query.get("call_id") ?? "" });
      return detail ? ok(detail) : missing;
    }
    if (name === "cases" && method === "POST") {
      const { filter, cases, set } = sent() as unknown as { filter?: Record<string, string>; cases: CaseKey[]; set: CaseSet };
      return told({ ids: this.#cases.set(filter && new URLSearchParams(filter), cases, set, this.#me) });
    }
    if (name === "follow-up/settings") return method === "PUT" ? told(this.#cases.settings(sent() as unknown as FollowUpSettings)) : ok(this.#cases.settings());
    if (name === "calls/tags") {
      const { filter, calls: some, add, remove } = sent() as { filter?: Record<string, string>; calls?: CallRow[]; add?: string[]; remove?: string[] };
      const these: { app: string; call_id: string }[] = some ?? calls(new URLSearchParams(filter));
      const edits = these.flatMap(({ app, call_id }): Edit[] => {
        const subject: Subject = ["call", app, call_id];
        const has = this.#log.tagged().get(key(subject)) ?? [];
        const change = (tag: string, value: true | null) => ({ subject, field: `tag:${tag}`, value });
        return [
          ...(add ?? []).filter((tag) => !has.includes(tag)).map((tag) => change(tag, true)),
          ...(remove ?? []).filter((tag) => has.includes(tag)).map((tag) => change(tag, null)),
        ];
      });
      return told({ ids: edits.map((edit) => this.#log.add(edit, Date.now(), this.#me).id) });
    }
    if (name === "tags/rename") {
      const { from, to } = sent() as { from: string; to: string };
      const subjects = [...this.#log.tagged()].filter(([, tags]) => tags.includes(from)).map(([subject]) => JSON.parse(subject) as Subject);
      const edits = subjects.flatMap((subject): Edit[] => [
        { subject, field: `tag:${from}`, value: null },
        { subject, field: `tag:${to}`, value: true },
      ]);
      edits.push({ subject: ["team"], field: `tag_colour:${to}`, value: this.#log.text(["team"], `tag_colour:${from}`) || null });
      edits.push({ subject: ["team"], field: `tag_colour:${from}`, value: null });
      return told({ ids: edits.map((edit) => this.#log.add(edit, Date.now(), this.#me).id) });
    }
    return undefined;
  }
}
