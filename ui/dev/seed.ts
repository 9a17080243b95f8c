import type { CallDetailRow, CallRow, DeliveryDetailRow, MemberRow, RoomDetailRow, RoomRow, StayRow, StepRow } from "../src/lib/api/types";

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
const USERS = ["alice", "bob", "carol.meier", "dr_wang", "王医生", "patient-0042", "patient-0117", "李小龙", "desk.1", "desk.2", "tutor_ann", "student_9", "user_88120045", "\u202Eevil\u0007id", "<b>bold</b>", "a-very-long-account-id-that-does-not-fit-anywhere-0123456789"];
const RESULTS = ["normal_end", "normal_end", "normal_end", "normal_end", "not_answer", "not_answer", "cancel", "reject", "call_busy", "interrupt", "offline"];

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
      app: (pick(APPS)).id,
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
  return { calls, rooms: seededRooms(random, pick), deliveries: seededDeliveries(random, calls) };
}

function seededRooms(random: () => number, pick: <T>(list: readonly T[]) => T): RoomRow[] {
  return Array.from({ length: 60 }, (_, i) => {
    const first = NOW - i * 9_000_000 - 400_000;
    const ended = i % 4 !== 0;
    const users = 1 + Math.floor(random() * 60);
    return {
      app: APPS[0]?.id ?? "",
      product: pick(["live", "conference", "rtc"]),
      room_id_type: pick(["number", "text", ""]),
      room_id: `room_${1000 + i}`,
      name: pick(["Morning class", "直播间", "", "Weekly review", "Clinic hours"]),
      owner: pick(["alice", "tutor_ann", "dr_wang", ""]),
      created_ms: first,
      ended_ms: ended ? first + 3_600_000 : null,
      end_reason: ended ? "destroy_by_user" : "",
      users,
      stays: users + Math.floor(random() * 20),
      peak: Math.ceil(users * 0.7),
      inside: ended ? 0 : Math.ceil(users * 0.4),
      first_ms: first,
      last_ms: first + 3_600_000,
    };
  });
}

export function seededStays(room: RoomRow): StayRow[] {
  const random = dice(room.room_id.length * 31 + Number(room.room_id.slice(5)));
  return Array.from({ length: room.stays }, (_, i) => {
    const entered = room.first_ms + Math.floor(random() * 2_000_000);
    const open = room.ended_ms === null && i % 3 === 0;
    const left = entered + Math.floor(random() * 1_500_000);
    return {
      app: room.app,
      product: room.product,
      room_id_type: room.room_id_type,
      room_id: room.room_id,
      user: USERS[i % USERS.length] ?? "",
      n: 1 + Math.floor(i / USERS.length),
      entered_ms: entered,
      left_ms: open ? null : left,
      seconds: open ? null : Math.floor((left - entered) / 1000),
      away_seconds: i % 7 === 3 ? 42 : 0,
      enter_cause: i % 7 === 3 ? "heartbeat_recover" : "enter",
      leave_cause: open ? "" : i % 5 === 2 ? "heartbeat_interrupt" : i % 6 === 1 ? "kicked" : "leave",
    };
  }).sort((a, b) => b.entered_ms - a.entered_ms);
}

function seededDeliveries(random: () => number, calls: readonly CallRow[]): DeliveryDetailRow[] {
  const out: DeliveryDetailRow[] = [];
  for (const [i, call] of calls.slice(0, 900).entries()) {
    const odd = i % 23;
    const verdict = odd === 5 ? "foreign_app" : odd === 9 ? "unknown_command" : odd === 13 ? "unparsable" : odd === 17 ? "repaired" : "applied";
    const body = verdict === "unparsable" ? '{"CallbackCommand":"Call.CallbackAfterEndCall",,' : JSON.stringify(record(call));
    const reasons: Record<string, string> = {
      foreign_app: "App 1499999999 is not one of yours. If it is, add it, and this delivery enters the record.",
      unknown_command: "The command Call.CallbackAfterTeleport is not known to this version. It is kept as it came.",
      unparsable: "The body is not JSON: a value was expected at column 48.",
      repaired: "The body was not strict JSON (a trailing comma) and was repaired for reading. It is kept as it came.",
    };
    out.push({
      delivery: {
        digest: hex(random, 64),
        received_ms: (call.ended_ms ?? call.started_ms) + 300,
        app: verdict === "foreign_app" ? "1499999999" : call.app,
        family: i % 6 === 0 ? "call-v1" : "call",
        command: verdict === "unknown_command" ? "Call.CallbackAfterTeleport" : "Call.CallbackAfterEndCall",
        verdict,
        reason: reasons[verdict] ?? "",
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
      headers: [["content-type", "application/json"], ["user-agent", "Tencent-IM-Callback"], ["content-length", String(body.length)]],
      body,
      pretty: verdict === "unparsable" ? null : JSON.stringify(record(call), null, 2),
      repeated_ms: i % 11 === 4 ? [call.started_ms + 5000, call.started_ms + 9000] : [],
    });
  }
  return out.sort((a, b) => b.delivery.received_ms - a.delivery.received_ms);
}

function record(call: CallRow): object {
  return {
    CallbackCommand: "Call.CallbackAfterEndCall",
    CallRecord: { CallId: call.call_id, Caller_Account: call.caller, MediaType: call.media, CallType: call.type, StartTime: Math.floor(call.started_ms / 1000), CallResult: call.result, CalleeList_Account: call.callees, RoomId: call.room_id },
    EventTime: call.last_ms,
  };
}

export function detailOf(call: CallRow, seed: Seeded): CallDetailRow {
  const step = (at_ms: number, action: string, user: string, sent: Record<string, unknown>): StepRow => ({
    at_ms,
    action,
    user,
    platform: action === "end" ? "" : "iOS",
    client_ip: action === "end" ? "" : "203.0.113.7",
    sent,
    family: "call",
    command: action === "start" ? "Call.CallbackAfterStartCall" : "Call.CallbackAfterMemberChanged",
    flagged: action === "end" && call.members > 4,
    delivery: seed.deliveries[3]?.delivery.digest ?? "",
  });
  const members: MemberRow[] = [call.caller, ...call.callees].filter((user) => user !== "").map((user, i) => ({
    app: call.app,
    call_id: call.call_id,
    user,
    role: i === 0 ? "caller" : "callee",
    invited_ms: call.started_ms,
    joined_ms: call.answered_ms,
    left_ms: call.ended_ms,
    outcome: call.ended_ms === null ? "" : call.result,
    ring_seconds: call.ring_seconds,
    talk_seconds: call.talk_seconds,
    platform: i === 0 ? "iOS" : "",
  }));
  return {
    call,
    members,
    steps: [
      step(call.started_ms, "start", call.caller, { Status: "Calling", ChatGroupId: "" }),
      ...call.callees.map((user, i) => step(call.started_ms + 1200 + i * 10, "receive", user, { Status: "Waiting" })),
      ...(call.answered_ms === null ? [] : [step(call.answered_ms, "accept", call.callees[0] ?? "", { Status: "Calling", TotalNum: call.members })]),
      ...(call.ended_ms === null ? [] : [step(call.ended_ms, "end", "", { CallResult: call.result })]),
    ],
    sources: { started_ms: "end_record", answered_ms: "end_record", ended_ms: "end_record", result: "end_record", caller: "v2", media: "end_record" },
    deliveries: seed.deliveries.filter((one) => one.delivery.call_id === call.call_id).map((one) => one.delivery),
  };
}

export function roomDetailOf(room: RoomRow, seed: Seeded): RoomDetailRow {
  return {
    room,
    details: { "seat:1": "alice", "metadata:topic": "Algebra <2>", "info:MaxSeatCount": 9, "statistic:TotalViewers": 182 },
    steps: seededStays(room).slice(0, 12).map((stay) => ({
      at_ms: stay.left_ms ?? stay.entered_ms ?? 0,
      action: stay.left_ms === null ? "enter" : "leave",
      user: stay.user,
      platform: "Android",
      client_ip: "203.0.113.9",
      sent: { EventType: 103, EventCause: 1 },
      family: room.product === "rtc" ? "rtc" : "live",
      command: "Live.CallbackAfterMemberStateChanged",
      flagged: false,
      delivery: seed.deliveries[2]?.delivery.digest ?? "",
    })),
  };
}
