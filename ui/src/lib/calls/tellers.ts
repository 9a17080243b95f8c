import type { CallDetailRow, StepRow } from "../api/types";

/** What each kind of message calls a field: CallKit v1, and the end record. */
const WORDS: Readonly<Record<string, { v1?: string; record: string }>> = {
  started: { v1: "StartCallTs", record: "StartTime" },
  answered: { v1: "AcceptTs", record: "AcceptTime" },
  ended: { v1: "EndTs", record: "EndTime" },
  result: { v1: "CallResult", record: "CallResult" },
  media: { v1: "MediaType", record: "MediaType" },
  type: { v1: "CallType", record: "CallType" },
  room_id: { v1: "RoomId", record: "RoomId" },
  caller: { record: "Caller_Account" },
  callees: { record: "CalleeList_Account" },
};

const seconds = (ms: number | null) => (ms === null ? undefined : Math.floor(ms / 1000));
const joins = (step: StepRow) => ["accept", "join"].includes(step.action);

/** The digests of the deliveries that a field of a call was taken from: rules.md section 4, from what the timeline tells of them. Several where it does not tell them apart. */
export function tellersOf(detail: CallDetailRow, field: string): string[] {
  const { steps, sources } = detail;
  const v2 = steps.filter((step) => step.family === "call");
  switch (sources[field]) {
    case "end_record":
    case "fetched_record":
      return record(detail, field, sources[field] === "fetched_record");
    case "v1":
      return v1(detail, field);
    case "v2":
      return digests(v2.filter(field === "answered" ? joins : (step) => step.action === "start").slice(0, 1));
    case "derived":
      return digests(steps.slice(0, 1));
    default:
      return [];
  }
}

/** The timeline shows the deciding end record alone; what that does not say was said by another one. */
function record({ steps, deliveries }: CallDetailRow, field: string, fetched: boolean): string[] {
  const records = deliveries
    .filter((one) => one.family === "call" && one.command.endsWith("EndCall") && (one.source === "backfill") === fetched)
    .map((one) => one.digest);
  const deciding = steps.find((step) => step.family === "call" && step.action === "end");
  if (deciding === undefined || !records.includes(deciding.delivery)) return records;
  // Of a record that names no end, its own time is the end.
  if (field === "ended" || Object.hasOwn(deciding.sent, WORDS[field]?.record ?? "")) return [deciding.delivery];
  return records.filter((digest) => digest !== deciding.delivery);
}

/** The first event that has the field; an end or an answer may be that of another one, and is known by its time. */
function v1({ call, steps }: CallDetailRow, field: string): string[] {
  const events = steps.filter((step) => step.family === "call-v1");
  const name = WORDS[field]?.v1 ?? "";
  const having = events.filter((step) => Object.hasOwn(step.sent, name));
  const first = (...choices: StepRow[][]) => digests(choices.find((steps) => steps.length > 0)?.slice(0, 1) ?? []);
  /** Of those that name a time, the one that named this; any of them where the time had to be moved. */
  const naming = (ms: number | null) => {
    const exact = having.filter((step) => step.sent[name] === seconds(ms));
    return exact.length > 0 ? first(exact) : digests(having);
  };
  const acting = (action: string) => events.filter((step) => step.action === action);
  switch (field) {
    case "started":
      return having.length > 0 ? naming(call.started_ms) : first(acting("start"), acting("receive"));
    case "answered":
      return having.length > 0 ? naming(call.answered_ms) : first(events.filter(joins));
    case "ended":
      // Who names no end has ended when it was reported.
      return first(
        having.filter((step) => step.sent[name] === seconds(call.ended_ms)),
        events.filter((step) => step.at_ms === call.ended_ms),
        having,
      );
    case "caller":
      return first(events.filter((step) => step.user === call.caller && step.sent["Role"] === "caller"));
    case "callees":
      return digests(events.filter((step) => step.sent["Role"] === "callee"));
    case "result":
      return digests(having);
    default:
      return first(having);
  }
}

const digests = (steps: readonly StepRow[]) => [...new Set(steps.map((step) => step.delivery))];
