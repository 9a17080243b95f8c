import type { CallRow, Compared, Figures, MemberRow, PersonFigures } from "../src/lib/api/types";
import { isoDate } from "../src/lib/format/day.ts";

/** What somebody had to do with a call; the mock's members are those of its details. */
export function partOf(member: MemberRow): "made" | "answered" | "missed" | "declined" | "" {
  if (member.role === "caller") return "made";
  if (member.joined_ms !== null || member.outcome === "normal_end") return "answered";
  if (["not_answer", "offline", "call_busy", "cancel"].includes(member.outcome)) return "missed";
  return member.outcome === "reject" ? "declined" : "";
}

/** `yes`, `no`, or nothing for calls that are in no rate. */
export function answeredOf(call: CallRow): "yes" | "no" | "" {
  if (["ringing", "in_progress", "unknown"].includes(call.result)) return "";
  return call.answered_ms !== null || call.result === "normal_end" ? "yes" : "no";
}

/** `4-17`: the hour of the week, in this computer's zone. */
export function hourOf(ms: number): string {
  const at = new Date(ms);
  return `${(at.getDay() + 6) % 7}-${at.getHours()}`;
}

const known = (values: (number | null)[]) => values.filter((value) => value !== null);
const rank = (values: number[], part: number) => values.toSorted((a, b) => a - b)[Math.ceil((part * values.length) / 10) - 1] ?? null;
const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
function counted(codes: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function atOnce(calls: CallRow[]): Figures["at_once"] {
  const talks = calls.filter((call) => call.answered_ms !== null && call.ended_ms !== null);
  const begins = talks.map((call) => call.answered_ms ?? 0).sort((a, b) => a - b);
  const ends = talks.map((call) => call.ended_ms ?? 0).sort((a, b) => a - b);
  let [over, best] = [0, { most: 0, at: null as number | null }];
  begins.forEach((at, i) => {
    while ((ends[over] ?? Infinity) <= at) over += 1;
    if (i + 1 - over > best.most) best = { most: i + 1 - over, at };
  });
  return best;
}

function totals(calls: CallRow[]) {
  const of = (answered: string) => calls.filter((call) => answeredOf(call) === answered);
  const [yes, no] = [of("yes"), of("no")];
  const rang = (some: CallRow[]) => {
    const seconds = known(some.map((call) => call.ring_seconds));
    return { median: rank(seconds, 5), p90: rank(seconds, 9) };
  };
  const talked = known(yes.map((call) => call.talk_seconds));
  return {
    calls: calls.length,
    answered: yes.length,
    unanswered: no.length,
    open: calls.filter((call) => ["ringing", "in_progress"].includes(call.result)).length,
    unknown: calls.filter((call) => call.result === "unknown").length,
    answer_rate: yes.length + no.length === 0 ? null : yes.length / (yes.length + no.length),
    by_result: counted(calls.map((call) => call.result)),
    ring: rang(yes),
    waited: rang(no),
    talk: { sum: sum(talked), median: rank(talked, 5), longest: talked.length === 0 ? null : Math.max(...talked) },
    at_once: atOnce(calls),
  };
}

function people(calls: CallRow[], members: (call: CallRow) => MemberRow[]): PersonFigures[] {
  const found = new Map<string, PersonFigures>();
  for (const call of calls) {
    const parts = new Map(members(call).map((member) => [`${partOf(member)} ${member.user}`, member]));
    for (const member of parts.values()) {
      const none = { made: 0, made_answered: 0, received: 0, answered: 0, missed: 0, declined: 0, talk: 0, ring: null, busiest: 9, first: 0 };
      const person = found.get(member.user) ?? { user: member.user, name: member.user_name, ...none };
      found.set(member.user, person);
      const part = partOf(member);
      if (part !== "") person[part] += 1;
      if (part !== "made") person.received += 1;
      else if (answeredOf(call) === "yes") person.made_answered += 1;
      person.talk += member.talk_seconds ?? 0;
    }
  }
  return [...found.values()].sort((a, b) => b.made + b.received - a.made - a.received);
}

/** Figures of calls, those before them included: `from` is when the earlier period begins, where one is asked for. */
export function figuresOf(
  calls: CallRow[],
  members: (call: CallRow) => MemberRow[],
  before: { from: number; to: number; calls: CallRow[] } | undefined,
): Figures {
  const hours = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const call of calls) {
    const [day, hour] = hourOf(call.started_ms).split("-").map(Number) as [number, number];
    const row = hours[day];
    if (row) row[hour] = (row[hour] ?? 0) + 1;
  }
  const days = [...new Set(calls.map((call) => isoDate(call.started_ms)))].sort();
  const compared: Compared | null = before === undefined ? null : { with: "week", from: before.from, to: before.to, ...totals(before.calls) };
  return {
    ...totals(calls),
    by_day: days.map((day) => {
      const { calls: n, answered, unanswered, by_result } = totals(calls.filter((call) => isoDate(call.started_ms) === day));
      return { day, calls: n, answered, unanswered, by_result };
    }),
    by_hour: Array.from({ length: 24 }, (_, hour) => sum(hours.map((day) => day[hour] ?? 0))),
    by_weekday_hour: hours,
    people: people(calls, members),
    compared,
  };
}
