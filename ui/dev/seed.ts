import type { CallRow, DeliveryDetailRow, Reason, RoomRow } from "../src/lib/api/types";
import { tellStories } from "./calls.ts";
import { seededRooms } from "./rooms.ts";

/** A small seeded generator (mulberry32): the same seed, the same record. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const NOW = Date.now();
export const APPS = [
  { id: "1400123456", label: "Support desk", region: "" },
  { id: "1400987654", label: "诊所", region: "" },
];
/** Of a call, before people added anything to it: `people.ts` has what they do. */
export const NOTHING_ADDED = { caller_name: "", callee_names: [], other_names: [], tags: [], notes: 0, note: "" };
/** So many that nobody reads through them. */
export const manyApps = () =>
  Array.from({ length: 24 }, (_, i) => ({ id: String(1400200000 + i * 37), label: ["Clinic", "学校", "Sales", "客服中心"][i % 4] + ` ${i + 1}`, region: "" }));
export const USERS = [
  "alice",
  "bob",
  "carol.meier",
  "dr_wang",
  "王医生",
  "patient-0042",
  "patient-0117",
  "李小龙",
  "desk.1",
  "desk.2",
  "tutor_ann",
  "student_9",
  "user_88120045",
  "\u202Eevil\u0007id",
  "<b>bold</b>",
  "a-very-long-account-id-that-does-not-fit-anywhere-0123456789",
];
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

const hex = (random: () => number, n: number) => Array.from({ length: n }, () => Math.floor(random() * 16).toString(16)).join("");

export interface Seeded {
  calls: CallRow[];
  rooms: RoomRow[];
  deliveries: DeliveryDetailRow[];
}

export function seeded(size: number): Seeded {
  const random = dice(7);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const calls: CallRow[] = [];
  let at = NOW - 40_000;
  for (let i = 0; i < size; i += 1) {
    const caller = pick(USERS);
    const group = random() < 0.15;
    const callees = [...new Set(Array.from({ length: group ? 2 + Math.floor(random() * 5) : 1 }, () => pick(USERS)))].filter((user) => user !== caller);
    const result = i === 0 ? "ringing" : i === 1 ? "in_progress" : i === 7 ? "unknown" : pick(RESULTS);
    const ring = 2 + Math.floor(random() * 40);
    const answered = ["normal_end", "in_progress", "interrupt"].includes(result);
    const talk = answered ? Math.floor(random() ** 3 * 5400) + 3 : 0;
    const open = ["ringing", "in_progress", "unknown"].includes(result);
    calls.push({
      ...NOTHING_ADDED,
      app: pick(APPS).id,
      call_id: `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${hex(random, 12)}`,
      started_ms: at,
      answered_ms: answered ? at + ring * 1000 : null,
      ended_ms: open ? null : at + (ring + talk) * 1000,
      result,
      media: random() < 0.5 ? "video" : "audio",
      type: group ? "group" : "single",
      caller: i === 7 ? "" : caller,
      callees,
      members: callees.length + 1,
      others: [],
      ring_seconds: result === "ringing" || result === "unknown" ? null : ring,
      talk_seconds: open ? null : talk,
      room_id: String(10000 + i),
      room_id_type: random() < 0.5 ? "number" : "text",
      source: "callback",
      last_ms: at,
    });
    at -= Math.floor(random() ** 2 * 5_400_000) + 20_000;
  }
  tellStories(calls);
  callInVain(calls);
  return { calls, rooms: seededRooms(random), deliveries: seededDeliveries(random, calls) };
}

/** Some who called in vain of late, and were in no other call: nobody has called them back. */
function callInVain(calls: CallRow[]): void {
  for (const [i, call] of calls.slice(0, 300).entries()) {
    if (i < 12 || i % 3 === 0 || call.type !== "single" || !["not_answer", "call_busy", "offline"].includes(call.result)) continue;
    Object.assign(call, { caller: `guest-${Math.floor(i / 14)}`, callees: [["alice", "bob", "desk.1"][i % 3]] });
  }
}

function seededDeliveries(random: () => number, calls: readonly CallRow[]): DeliveryDetailRow[] {
  const out: DeliveryDetailRow[] = [];
  for (const [i, call] of calls.slice(0, 900).entries()) {
    const odd = i % 23;
    const verdict = odd === 5 ? "foreign_app" : odd === 9 ? "unknown_command" : odd === 13 ? "unparsable" : odd === 17 ? "repaired" : "applied";
    const body = verdict === "unparsable" ? '{"CallbackCommand":"Call.CallbackAfterEndCall",,' : JSON.stringify(record(call));
    const reasons: Record<string, Reason> = {
      foreign_app: { code: "foreign_app", app: "1499999999" },
      unknown_command: { code: "unknown_command", command: "Call.CallbackAfterTeleport" },
      unparsable: { code: "not_json", why: "key must be a string at line 1 column 48" },
      repaired: { code: "repaired", defects: ["punctuation"] },
    };
    out.push({
      delivery: {
        digest: hex(random, 64),
        received_ms: (call.ended_ms ?? call.started_ms) + 300,
        app: verdict === "foreign_app" ? "1499999999" : call.app,
        family: i % 6 === 0 ? "call-v1" : "call",
        command: verdict === "unknown_command" ? "Call.CallbackAfterTeleport" : "Call.CallbackAfterEndCall",
        verdict,
        reason: reasons[verdict] ?? null,
        repeats: i % 11 === 4 ? 2 : 0,
        call_id: verdict === "unparsable" ? "" : call.call_id,
        room_id: "",
        bytes: body.length,
        source: "callback",
        event_ms: call.ended_ms,
        quarantined: verdict === "foreign_app",
      },
      remote: "127.0.0.1",
      method: "POST",
      query: "SdkAppid=1400123456&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json&ClientIP=203.0.113.7&OptPlatform=iOS&Sign=••••••",
      headers: [
        ["content-type", "application/json"],
        ["user-agent", "Tencent-IM-Callback"],
        ["content-length", String(body.length)],
      ],
      body,
      pretty: verdict === "unparsable" ? null : JSON.stringify(record(call), null, 2),
      repeated_ms: i % 11 === 4 ? [call.started_ms + 5000, call.started_ms + 9000] : [],
      origin: `4f1a09c2d7e83b56:${i + 1}`,
    });
  }
  return out.sort((a, b) => b.delivery.received_ms - a.delivery.received_ms);
}

function record(call: CallRow): object {
  return {
    CallbackCommand: "Call.CallbackAfterEndCall",
    CallRecord: {
      CallId: call.call_id,
      Caller_Account: call.caller,
      MediaType: call.media,
      CallType: call.type,
      StartTime: Math.floor(call.started_ms / 1000),
      CallResult: call.result,
      CalleeList_Account: call.callees,
      RoomId: call.room_id,
    },
    EventTime: call.last_ms,
  };
}
