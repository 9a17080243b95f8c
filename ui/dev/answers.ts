import { onlyOf } from "../src/lib/api/person.ts";
import type { CallRow, Figures, MemberRow, RoomRow, StayRow } from "../src/lib/api/types";
import { isoDate } from "../src/lib/format/day.ts";
import { MockBackfill } from "./backfill.ts";
import { MockCallbacks } from "./callbacks.ts";
import { detailOf, membersOf } from "./calls.ts";
import { MockCompleteness } from "./completeness.ts";
import { MockConnection } from "./connection.ts";
import { previewOf } from "./exports.ts";
import { answeredOf, figuresOf, hourOf, partOf } from "./figures.ts";
import { Million } from "./million.ts";
import { MockForward } from "./forward.ts";
import { MockLinks } from "./links.ts";
import { MockSchedules } from "./schedules.ts";
import { MockPeople } from "./people.ts";
import { MockRecord } from "./record.ts";
import { roomDetailOf, seededStays } from "./rooms.ts";
import { APPS, manyApps, NOW, seeded } from "./seed.ts";

interface Answer {
  status: number;
  json?: unknown;
  text?: string;
}

const fresh = process.env.MOCK === "first-run";
const own = seeded(fresh ? 0 : 5000);
if (fresh) own.rooms = [];
let seed = own;
/** `MOCK=million`, or `/api/mock/million?on` until `?off`: the calls are a million. */
let million = process.env.MOCK === "million" ? new Million() : undefined;
const apps = fresh ? [] : [...APPS];
let revision = 1;
let tested = "";
const waiting: (() => void)[] = [];
let publicUrl: string | null = null;
const job = { id: "1", state: "running", rows: 0, total: 5000, path: "/home/ann/Documents/calls.csv", message: "", failure: null };

const ok = (json: unknown): Answer => ({ status: 200, json });
const missing: Answer = { status: 404, json: { code: "not_found", message: "It is not in the record.", problem: { code: "no_such_delivery" } } };

function page<T>(rows: T[], query: URLSearchParams): Answer {
  const from = Number(query.get("at") ?? 0);
  const to = from + Number(query.get("limit") ?? 200);
  return ok({ rows: rows.slice(from, to), next: to < rows.length ? String(to) : null, total: query.get("total") === "true" ? rows.length : null });
}

/** How many of the rows each day has. */
function daysOf<T>(rows: T[], at: (row: T) => number): Answer {
  const counted = new Map<string, number>();
  for (const row of rows) {
    const day = isoDate(at(row));
    counted.set(day, (counted.get(day) ?? 0) + 1);
  }
  return ok({ total: rows.length, days: [...counted].map(([day, rows]) => ({ day, rows })).sort((a, b) => (a.day < b.day ? 1 : -1)) });
}

/** How many calls each choice would give; each field leaves its own choice out. */
function facets(query: URLSearchParams): Answer {
  const counted = (["result", "media", "type", "app"] as const).map((field) => {
    const others = new URLSearchParams(query);
    others.delete(field);
    const rows = calls(others);
    return [field, [...new Set(rows.map((call) => call[field]))].map((code) => ({ code, rows: rows.filter((call) => call[field] === code).length }))];
  });
  return ok(Object.fromEntries(counted));
}

function within(at: number, query: URLSearchParams): boolean {
  return at >= Number(query.get("from") ?? 0) && at < Number(query.get("to") ?? Infinity);
}

const has = (query: URLSearchParams, name: string, value: string) => {
  const wanted = query.get(name);
  return wanted === null || wanted.split(",").includes(value);
};

function calls(query: URLSearchParams) {
  const q = (query.get("q") ?? "").toLowerCase();
  const user = query.get("user");
  const person = query.get("person");
  const ids = person === null ? [] : people.users(person);
  const [team, tag] = [query.get("team"), query.get("tag")];
  const ofTeam = new Set(team === null ? [] : people.people(new URLSearchParams({ team })).flatMap(({ users }) => users));
  return seed.calls
    .map((call) => people.call(call))
    .filter(
      (call) =>
        within(call.started_ms, query) &&
        has(query, "result", call.result) &&
        has(query, "media", call.media) &&
        has(query, "type", call.type) &&
        has(query, "app", call.app) &&
        (user === null || [call.caller, ...call.callees].includes(user)) &&
        (person === null || [call.caller, ...call.callees].some((one) => ids.includes(one))) &&
        (team === null || [call.caller, ...call.callees].some((one) => ofTeam.has(one))) &&
        (tag === null || call.tags.includes(tag)) &&
        (query.get("note") === null || call.notes > 0) &&
        has(query, "answered", answeredOf(call)) &&
        (query.get("hour") === null || query.get("hour")?.split(" ")[0] === hourOf(call.started_ms)) &&
        hasPart(call, query.get("part"), person === null ? undefined : ids) &&
        [call.call_id, call.caller, call.room_id, ...call.callees, call.caller_name, ...call.callee_names, ...call.tags, call.note].some((id) =>
          id.toLowerCase().includes(q),
        ),
    );
}

function complete(query: URLSearchParams): Answer {
  const { days } = (million ? { days: million.days() } : daysOf(calls(query), (call) => call.started_ms).json) as { days: { day: string; rows: number }[] };
  const app = query.get("app");
  return ok(completeness.answer(query, days, app === null ? apps.map((one) => one.id) : [app]));
}

/** Somebody, or one of these, had this part in a call. */
function hasPart(call: CallRow, part: string | null, users: string[] | undefined): boolean {
  const takes = (member: MemberRow) => part === partOf(member) || (part === "received" && partOf(member) !== "made");
  return part === null || membersOf(call).some((member) => takes(member) && (users === undefined || users.includes(member.user)));
}

/** Figures of calls; the earlier period is the same time a week before. */
function figures(query: URLSearchParams): Answer {
  const shifted = (name: string) => Number(query.get(name) ?? Date.now()) - 7 * 86_400_000;
  const [from, to] = [shifted("from"), shifted("to")];
  const earlier = new URLSearchParams({ from: String(from), to: String(to) });
  const before = query.get("compare") === null ? undefined : { from, to, calls: calls(earlier) };
  // Of a person with several ids, the first one stands for all.
  const members = (call: CallRow) =>
    membersOf(call).map((member) => ({ ...member, user: people.users(member.user)[0] ?? member.user, user_name: people.name(member.user) }));
  return ok(figuresOf(million ? million.rows(0, 2_000) : calls(query), members, before));
}

/** The same of the calls that somebody was in. */
function figuresOfPerson(user: string, query: URLSearchParams): Answer {
  const { status, json } = figures(new URLSearchParams([...query, ["person", user]]));
  return { status, json: onlyOf(json as Figures, people.users(user)[0] ?? user) };
}

/** Who was in a room, in order. */
const usersOf = (room: RoomRow) => [...new Set(seededStays(room).map((stay) => stay.user))].sort();

/** A list, or with `/days` how many rows each of its days has. */
function lists(name: string, query: URLSearchParams): Answer {
  const q = (query.get("q") ?? "").toLowerCase();
  const [kind, days] = name.split("/");
  const answer = <T>(rows: T[], at: (row: T) => number) => (days === undefined ? page(rows, query) : daysOf(rows, at));
  if (kind === "calls" && million !== undefined) {
    const from = Number(query.get("at") ?? 0);
    const to = from + Number(query.get("limit") ?? 200);
    return ok(
      days === undefined
        ? { rows: million.rows(from, to - from).map((call) => people.call(call)), next: to < million.length ? String(to) : null, total: null }
        : { total: million.length, days: million.days() },
    );
  }
  if (kind === "calls") return answer(calls(query), (call) => call.started_ms);
  if (kind === "cases") return answer(people.cases(query), (row) => row.last_ms);
  if (kind === "people") return answer(people.people(query), (person) => person.last_ms ?? 0);
  if (kind === "rooms")
    return answer(
      seed.rooms
        .filter((room) => within(room.first_ms, query) && has(query, "product", room.product) && has(query, "room", room.room_id))
        .filter((room) => query.get("inside") === null || room.inside > 0)
        .filter((room) => query.get("person") === null || usersOf(room).some((user) => people.users(query.get("person") ?? "").includes(user)))
        .map((room) => ({
          ...room,
          found_user: q === "" ? null : (usersOf(room).find((user) => `${user} ${people.name(user)}`.toLowerCase().includes(q)) ?? null),
        }))
        .filter((room) => room.found_user !== null || `${room.room_id} ${room.name}`.toLowerCase().includes(q))
        .map(people.roomRow),
      (room) => room.first_ms,
    );
  if (kind === "stays") {
    const room = seed.rooms.find((one) => one.room_id === query.get("room"));
    const at = (stay: StayRow) => stay.entered_ms ?? stay.left_ms ?? 0;
    return answer(
      room
        ? seededStays(room)
            .filter((stay) => within(at(stay), query))
            .map(people.stay)
        : [],
      at,
    );
  }
  return answer(
    seed.deliveries
      .map((one) => one.delivery)
      .filter(
        (row) =>
          within(row.received_ms, query) &&
          has(query, "verdict", row.verdict) &&
          has(query, "family", row.family) &&
          has(query, "app", row.app) &&
          `${row.call_id} ${row.command}`.toLowerCase().includes(q),
      ),
    (row) => row.received_ms,
  );
}

function change() {
  revision += 1;
  waiting.splice(0).forEach((wake) => wake());
}

async function changes(query: URLSearchParams): Promise<Answer> {
  if (query.get("epoch") === connection.epoch && Number(query.get("after")) >= revision) {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, 25_000);
    });
  }
  return ok({ epoch: connection.epoch, revision });
}

const callbacks = new MockCallbacks(() => apps, { get: () => publicUrl, set: (url) => (publicUrl = url) }, change);
const completeness = new MockCompleteness();
const backfill = new MockBackfill(() => callbacks.refusal);
const forward = new MockForward();
const schedules = new MockSchedules();
const links = new MockLinks();
const record = new MockRecord(process.env.MOCK ?? "well", seed, change);
const connection = new MockConnection(process.env.MOCK ?? "well", {
  apps: () => apps,
  publicUrl: () => publicUrl,
  change: () => {
    seed = connection.demo ? invented() : own;
    change();
  },
});
const people = new MockPeople(() => seed, change);
let inventedSeed: typeof own | undefined;
/** The demo's record: other calls of another app. */
function invented(): typeof own {
  inventedSeed ??= seeded(400);
  for (const call of inventedSeed.calls) Object.assign(call, { call_id: call.call_id.replace(/^(demo-)?/, "demo-"), app: "9999999999" });
  return inventedSeed;
}

function status(): Answer {
  return ok({
    version: "0.1.0",
    epoch: connection.epoch,
    demo: connection.demo,
    revision,
    desktop: inWindow,
    data_dir: "/home/ann/.local/share/calltrail",
    hook: {
      url: "http://127.0.0.1:8787/hook/3f9c0de1a2b34c5d6e7f8091a2b3c4d5",
      state: pausedUntil === null ? "listening" : "retrying",
      problem: pausedUntil === null ? null : { code: "paused", until_ms: pausedUntil },
    },
    apps: apps.length,
    calls: million?.length ?? seed.calls.length,
    rooms: seed.rooms.length,
    deliveries: seed.deliveries.length,
    quarantined: seed.deliveries.filter((one) => one.delivery.quarantined).length,
    quarantine_dropped: 0,
    last_received_ms: fresh && tested === "" ? null : NOW - 130_000,
    first_run: apps.length === 0 && seed.deliveries.length === 0 && !connection.demo,
    now_ms: Date.now(),
  });
}

let inWindow = process.env.MOCK_DESKTOP === "1";
let pausedUntil: number | null = null;
const around = {
  on_close: "stay",
  refuge: "tray",
  starts_at_login: false,
  notify: { missed_calls: true, quiet: false, from: "22:00", to: "07:00" },
};

function settings(): Answer {
  return ok({
    hook_url: "http://127.0.0.1:8787/hook/3f9c0de1a2b34c5d6e7f8091a2b3c4d5",
    hook_address: "127.0.0.1:8787",
    web_address: "127.0.0.1:8788",
    data_dir: "/home/ann/.local/share/calltrail",
    public_url: publicUrl,
    callback_url: `${publicUrl ?? "http://127.0.0.1:8787"}/hook/3f9c0de1a2b34c5d6e7f8091a2b3c4d5`,
  });
}

const refusals = {
  counts: { unknown_path: 3, browser: 1 },
  last: [
    { at_ms: NOW - 50_000, remote: "127.0.0.1", method: "POST", path: "/hook/…", status: 404, reason: "unknown_path", detail: "" },
    { at_ms: NOW - 90_000, remote: "127.0.0.1", method: "GET", path: "/", status: 404, reason: "unknown_path", detail: "" },
  ],
};

function test(): Answer {
  tested = `ab${String(Date.now()).padStart(62, "0")}`;
  setTimeout(() => {
    seed.deliveries.unshift({
      delivery: {
        digest: tested,
        received_ms: Date.now(),
        app: "",
        family: "unknown",
        command: "Calltrail.Test",
        verdict: "test",
        reason: { code: "test" },
        repeats: 0,
        call_id: "",
        room_id: "",
        bytes: 40,
        source: "callback",
        event_ms: null,
        quarantined: false,
      },
      remote: "127.0.0.1",
      method: "POST",
      query: "",
      headers: [],
      body: '{"CallbackCommand":"Calltrail.Test"}',
      pretty: '{\n  "CallbackCommand": "Calltrail.Test"\n}',
      repeated_ms: [],
      origin: "4f1a09c2d7e83b56:1",
    });
    change();
  }, 600);
  return ok({ digest: tested, status: 200 });
}

function detail(name: string, query: URLSearchParams): Answer {
  if (name === "call") {
    const id = query.get("call_id") ?? "";
    const call = million?.find(id) ?? seed.calls.find((one) => one.call_id === id);
    return call ? ok(people.detail(detailOf(call, seed))) : missing;
  }
  if (name === "room") {
    const room = seed.rooms.find((one) => one.room_id === query.get("room_id"));
    return room ? ok(people.room(roomDetailOf(room, seed, query.has("life") ? Number(query.get("life")) : null))) : missing;
  }
  const found = seed.deliveries.find((one) => one.delivery.digest === query.get("digest"));
  return found ? ok(found) : missing;
}

function write(method: string, path: string, body: string): Answer {
  if (path === "/api/apps") {
    const app = JSON.parse(body) as { id: string; label?: string; region?: string; administrator?: string };
    const known = apps.find((one) => one.id === app.id);
    if (known) Object.assign(known, app);
    else apps.push({ label: "", region: "", ...app });
    let released = 0;
    for (const one of seed.deliveries) {
      if (one.delivery.app !== app.id || !one.delivery.quarantined) continue;
      one.delivery = { ...one.delivery, quarantined: false, verdict: "applied", reason: null };
      released += 1;
    }
    change();
    return ok({ released });
  }
  if (path.startsWith("/api/apps/")) {
    apps.splice(
      apps.findIndex((app) => path.endsWith(app.id)),
      1,
    );
    change();
    return ok({ removed: true });
  }
  if (path === "/api/quarantine/release") {
    const { digest } = JSON.parse(body) as { digest: string };
    const found = seed.deliveries.find((one) => one.delivery.digest === digest);
    if (found) found.delivery = { ...found.delivery, quarantined: false, verdict: "applied", reason: null };
    change();
    return ok({ released: found !== undefined });
  }
  if (path === "/api/test") return test();
  if (path === "/api/pause") return ok({ until_ms: (pausedUntil = method === "POST" ? Date.now() + 3_600_000 : null) });
  if (path === "/api/desktop") return ok(Object.assign(around, JSON.parse(body)));
  if (path === "/api/settings") {
    publicUrl = (JSON.parse(body) as { public_url: string | null }).public_url;
    return settings();
  }
  if (/^\/api\/exports\/\w+\/show$/.test(path)) return ok(job);
  if (path === "/api/exports" || path === "/api/reports") return ok(Object.assign(job, { state: "running", rows: 0 }));
  if (path.startsWith("/api/exports/") && method === "DELETE") return ok(Object.assign(job, { state: "cancelled" }));
  return missing;
}

/** Adds a call on top, as if a callback had come. */
function ring(): Answer {
  million?.ring();
  const model = seed.calls[0];
  if (model) seed.calls.unshift({ ...model, call_id: `new-${revision}`, started_ms: Date.now() });
  change();
  return ok({});
}

export async function answer(method: string, url: URL, body: string): Promise<Answer> {
  const path = url.pathname;
  const name = path.slice("/api/".length);
  if (path === "/api/mock/ring") return ring();
  if (path === "/api/mock/million") {
    million = url.search === "?on" ? new Million() : undefined;
    change();
    return ok({});
  }
  if (path === "/api/mock/apps") {
    apps.splice(APPS.length, apps.length, ...(url.search === "?many" ? manyApps() : []));
    change();
    return ok({});
  }
  if (path === "/api/mock/desktop") {
    inWindow = url.search !== "?off";
    around.refuge = url.search === "?minimised" ? "minimised" : "tray";
    change();
    return ok({});
  }
  if (path === "/api/mock/state") return ok(record.show(url.search.slice(1)));
  if (path === "/api/mock/connection") return ok(connection.show(url.search.slice(1)));
  const connected = await connection.answer(method, url, body);
  if (connected !== undefined) return connected;
  const told = await record.answer(method, name, body);
  if (told !== undefined) return ok(told);
  if (path === "/api/mock/completeness") {
    change();
    return ok(completeness.show(url.search.slice(1)));
  }
  if (path === "/api/mock/callbacks") return ok(callbacks.show(url.search.slice(1)));
  const fetched = backfill.answer(method, name, url.searchParams, body);
  if (fetched !== undefined) return ok(fetched);
  const forwarded = forward.answer(method, name, body);
  if (forwarded !== undefined) return forwarded;
  const scheduled = schedules.answer(method, name, body);
  if (scheduled !== undefined) return scheduled;
  const linked = links.answer(method, name, body, url.searchParams);
  if (linked !== undefined) return linked;
  const played = await callbacks.answer(method, name, body);
  if (played !== undefined) return played;
  const added = people.answer(method, url, body, (filter) => (million ? million.rows(0, 2_000) : calls(filter)));
  if (added !== undefined) return added;
  if (path === "/api/export-preview") return ok(previewOf(url.searchParams, seed.calls));
  if (path.startsWith("/api/report.")) return { status: 200, text: "a report" };
  if (path.startsWith("/api/export/")) return { status: 200, text: "call_id\r\n" };
  if (method !== "GET") return write(method, path, body);
  if (name === "status") return status();
  if (name === "changes") return changes(url.searchParams);
  if (name === "apps") return ok(connection.apps());
  if (name === "settings") return settings();
  if (name === "completeness") return complete(url.searchParams);
  if (name === "desktop") return ok(around);
  if (name === "refusals") return ok(refusals);
  if (name === "figures") return figures(url.searchParams);
  const whose = /^people\/(.+)\/figures$/.exec(name)?.[1];
  if (whose !== undefined) return figuresOfPerson(decodeURIComponent(whose), url.searchParams);
  if (name === "calls/facets") return million ? ok(million.facets()) : facets(url.searchParams);
  if (/^(calls|cases|rooms|stays|deliveries|people)(\/days)?$/.test(name)) return lists(name, url.searchParams);
  if (["call", "room", "delivery"].includes(name)) return detail(name, url.searchParams);
  if (name.startsWith("exports/"))
    return ok(job.rows >= job.total ? Object.assign(job, { state: "done" }) : job.state === "running" ? Object.assign(job, { rows: job.rows + 500 }) : job);
  return missing;
}
