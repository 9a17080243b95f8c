// A second opinion on figures (docs/rules.md section 11), in another language: it reads exported rows as JSON Lines, and no
// line of Calltrail's own. `node recount.mjs FOLDER` counts every case of FOLDER/cases.jsonl over calls.jsonl, members.jsonl and
// people.jsonl, and prints the figures of each as a line of JSON.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const lines = (name) =>
  readFileSync(join(folder, `${name}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const calls = lines("calls");
const keyOf = ({ app, call_id }) => JSON.stringify([app, call_id]);
const membersOf = grouped(lines("members"), keyOf);
/** The id that stands for the person of each id. */
const personOf = new Map(lines("people").map(({ user, same_as }) => [user, same_as || user]));
const person = (user) => personOf.get(user) ?? user;

function grouped(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

// --- Clocks

const formats = new Map();

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offset(zone, ms) {
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (fixed) return (fixed[1] === "-" ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000;
  if (!formats.has(zone)) {
    const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
    formats.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...parts }));
  }
  const part = Object.fromEntries(formats.get(zone).formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const shown = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return shown - Math.floor(ms / 1000) * 1000;
}

/** What the clocks of a zone show, as if it were UTC. */
const local = (zone, ms) => ms + offset(zone, ms);

/** The first moment at which the clocks show this, or something later where they never do. */
function firstMoment(zone, shown) {
  const day = 86_400_000;
  const tries = [shown - day, shown + day].map((near) => shown - offset(zone, near)).sort((a, b) => a - b);
  const found = tries.find((ms) => local(zone, ms) === shown);
  if (found !== undefined) return found;
  let [low, high] = [shown - day, shown + day];
  const before = offset(zone, low);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The earlier period. */
function earlier({ from, to, now, zone, compare }) {
  if (!compare || from === null) return null;
  const day = 86_400_000;
  const end = Math.max(to ?? now, from);
  const back = (ms, days) => firstMoment(zone, local(zone, ms) - days * day);
  if (compare === "week") return { with: compare, from: back(from, 7), to: back(end, 7) };
  const midnight = (ms) => firstMoment(zone, Math.floor(local(zone, ms) / day) * day) === ms;
  if (!midnight(from) || !midnight(end)) return { with: compare, from: from - (end - from), to: from };
  const dayOf = (ms) => Math.floor(local(zone, ms) / day);
  return { with: compare, from: back(from, dayOf(end) - dayOf(from)), to: from };
}

// --- Which calls

function finds(filter, call) {
  const members = membersOf.get(keyOf(call)) ?? [];
  const is = (wanted, value) => !wanted || wanted === value;
  const ids = [call.call_id, call.room_id, ...members.map(({ user }) => user)];
  return (
    (filter.from === null || call.started_ms >= filter.from) &&
    (filter.to === null || call.started_ms < filter.to) &&
    (!filter.result || filter.result.split(",").includes(call.result)) &&
    is(filter.media, call.media) &&
    is(filter.type, call.type) &&
    is(filter.app, call.app) &&
    is(filter.room, call.room_id) &&
    (!filter.user || members.some(({ user }) => user === filter.user)) &&
    (!filter.person || members.some(({ user }) => person(user) === person(filter.person))) &&
    (!filter.q || ids.some((id) => id.toLowerCase().includes(filter.q.toLowerCase())))
  );
}

// --- Counting

const counted = (values) => {
  const counts = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};
const known = (values) => values.filter((value) => value !== null);
const sum = (values) => values.reduce((all, one) => all + one, 0);
const rank = (values, part) => [...values].sort((a, b) => a - b)[Math.ceil((part * values.length) / 10) - 1] ?? null;

function standing(call) {
  if (call.result === "ringing" || call.result === "in_progress") return "open";
  if (call.result === "unknown") return "unknown";
  return call.answered_ms !== null || call.result === "normal_end" ? "answered" : "unanswered";
}

/** Tried at each answer: how many talks hold it. */
function atOnce(found) {
  const talks = found.filter((call) => call.answered_ms !== null && call.ended_ms !== null);
  let best = { most: 0, at: null };
  for (const at of talks.map((call) => call.answered_ms).sort((a, b) => a - b)) {
    const most = talks.filter((call) => call.answered_ms <= at && at < call.ended_ms).length;
    if (most > best.most) best = { most, at };
  }
  return best;
}

function totals(found) {
  const of = (name) => found.filter((call) => standing(call) === name);
  const [answered, unanswered] = [of("answered"), of("unanswered")];
  const [rang, waited] = [answered, unanswered].map((some) => known(some.map((call) => call.ring_seconds)));
  const talked = known(answered.map((call) => call.talk_seconds));
  const ended = answered.length + unanswered.length;
  return {
    calls: found.length,
    answered: answered.length,
    unanswered: unanswered.length,
    open: of("open").length,
    unknown: of("unknown").length,
    answer_rate: ended === 0 ? null : answered.length / ended,
    by_result: counted(found.map((call) => call.result)),
    ring: { median: rank(rang, 5), p90: rank(rang, 9) },
    waited: { median: rank(waited, 5), p90: rank(waited, 9) },
    talk: { sum: sum(talked), median: rank(talked, 5), longest: talked.length ? Math.max(...talked) : null },
    at_once: atOnce(found),
  };
}

function days(found, zone) {
  const byDay = grouped(found, (call) => new Date(local(zone, call.started_ms)).toISOString().slice(0, 10));
  return [...byDay.keys()].sort().map((day) => {
    const { calls, answered, unanswered, by_result } = totals(byDay.get(day));
    return { day, calls, answered, unanswered, by_result };
  });
}

/** What became of a person in a call, who may have been there under several ids. */
function part(ids) {
  if (ids.some(({ role }) => role === "caller")) return "made";
  if (ids.some(({ answered }) => answered)) return "answered";
  if (ids.some(({ outcome }) => outcome === "reject")) return "declined";
  const missed = ["not_answer", "offline", "call_busy", "cancel"];
  return ids.some(({ outcome }) => missed.includes(outcome)) ? "missed" : "other";
}

function people(found, zone, only) {
  const all = new Map();
  for (const call of found) {
    const hour = new Date(local(zone, call.started_ms)).getUTCHours();
    const members = membersOf.get(keyOf(call)) ?? [];
    const told = members.map((member) => {
      const joined = member.joined_ms !== null;
      const rivals = members.filter((other) => other !== member && other.role === "callee" && other.joined_ms !== null);
      const isFirst =
        call.type === "group" && member.role === "callee" && joined && rivals.every((other) => member.joined_ms < other.joined_ms);
      return { ...member, isFirst, answered: joined || member.outcome === "normal_end" };
    });
    for (const [who, ids] of grouped(told, ({ user }) => person(user))) {
      const rang = known(ids.filter(({ answered }) => answered).map(({ ring_seconds }) => ring_seconds));
      const of = {
        hour,
        part: part(ids),
        standing: standing(call),
        ring: rang.length ? Math.min(...rang) : null,
        talk: sum(known(ids.map(({ talk_seconds }) => talk_seconds))),
        isFirst: ids.some(({ isFirst }) => isFirst),
      };
      all.set(who, [...(all.get(who) ?? []), of]);
    }
  }
  const figures = [...all].filter(([user]) => !only || user === person(only)).map(([user, parts]) => {
    const [made, answered, missed, declined] = ["made", "answered", "missed", "declined"].map((name) => parts.filter(({ part }) => part === name));
    const hours = counted(parts.map(({ hour }) => hour));
    const most = Math.max(...Object.values(hours));
    return {
      user,
      name: "",
      made: made.length,
      made_answered: made.filter((part) => part.standing === "answered").length,
      received: parts.length - made.length,
      answered: answered.length,
      missed: missed.length,
      declined: declined.length,
      talk: sum(parts.map(({ talk }) => talk)),
      ring: rank(known(answered.map(({ ring }) => ring)), 5),
      busiest: Math.min(...Object.keys(hours).map(Number).filter((hour) => hours[hour] === most)),
      first: parts.filter(({ isFirst }) => isFirst).length,
    };
  });
  const count = ({ made, received }) => made + received;
  const bytes = (text) => Buffer.from(text, "utf8");
  return figures.sort((a, b) => count(b) - count(a) || Buffer.compare(bytes(a.user), bytes(b.user)));
}

function figures({ filter, zone, now, compare, only }) {
  const found = calls.filter((call) => finds(filter, call));
  const byWeekdayHour = Array.from({ length: 7 }, () => Array(24).fill(0));
  for (const call of found) {
    const shown = new Date(local(zone, call.started_ms));
    byWeekdayHour[(shown.getUTCDay() + 6) % 7][shown.getUTCHours()] += 1;
  }
  const before = earlier({ from: filter.from, to: filter.to, now, zone, compare });
  const foundBefore = before && calls.filter((call) => finds({ ...filter, from: before.from, to: before.to }, call));
  return {
    ...totals(found),
    by_day: days(found, zone),
    by_hour: Array.from({ length: 24 }, (_, hour) => sum(byWeekdayHour.map((day) => day[hour]))),
    by_weekday_hour: byWeekdayHour,
    people: people(found, zone, only),
    compared: before && { ...before, ...totals(foundBefore) },
  };
}

for (const one of lines("cases")) console.log(JSON.stringify(figures(one)));
