import type { CallDetailRow, CallRow, MemberRow, StepRow } from "../src/lib/api/types";
import type { Seeded } from "./seed.ts";

/** Where in the list the calls with a story stand. */
const GROUP = 4;
const DISPUTED = 5;
const stories = new Map<string, "group" | "disputed">();

/** Makes two of the calls worth telling: a group call in which much happens, and one whose sources disagree. */
export function tellStories(calls: CallRow[]): void {
  const [group, disputed] = [calls[GROUP], calls[DISPUTED]];
  if (!group || !disputed) return;
  stories.set(group.call_id, "group").set(disputed.call_id, "disputed");
  const end = group.started_ms + 610_000;
  const callees = ["bob", "carol.meier", "李小龙", "desk.2"];
  Object.assign(group, {
    type: "group",
    media: "video",
    result: "normal_end",
    caller: "alice",
    callees,
    others: ["tutor_ann"],
    members: 6,
    answered_ms: group.started_ms + 6000,
    ended_ms: end,
    ring_seconds: 6,
    talk_seconds: 604,
    last_ms: end,
    source: "both",
  });
  Object.assign(disputed, {
    type: "single",
    result: "not_answer",
    caller: "alice",
    callees: ["bob"],
    members: 2,
    answered_ms: null,
    ended_ms: disputed.started_ms + 30_000,
    ring_seconds: 30,
    talk_seconds: 0,
    last_ms: disputed.started_ms + 30_000,
  });
}

function stepper(call: CallRow, seed: Seeded) {
  return (at_ms: number, action: string, user: string, sent: Record<string, unknown>, family: StepRow["family"] = "call"): StepRow => ({
    at_ms,
    action,
    user,
    platform: action === "end" ? "" : "iOS",
    client_ip: action === "end" ? "" : "203.0.113.7",
    sent,
    family,
    command:
      family === "call-v1"
        ? "callkit_event"
        : action === "start"
          ? "Call.CallbackAfterStartCall"
          : action === "end"
            ? "Call.CallbackAfterEndCall"
            : "Call.CallbackAfterMemberChanged",
    flagged: action === "end" && call.members > 7,
    delivery: seed.deliveries[3]?.delivery.digest ?? "",
  });
}

function memberOf(call: CallRow, user: string, role: MemberRow["role"]): MemberRow {
  return {
    app: call.app,
    call_id: call.call_id,
    user,
    role,
    invited_ms: role === "caller" ? null : call.started_ms,
    joined_ms: role === "caller" ? call.started_ms : call.answered_ms,
    left_ms: call.ended_ms,
    outcome: call.ended_ms === null ? "" : (call.result as MemberRow["outcome"]),
    ring_seconds: call.ring_seconds,
    talk_seconds: call.talk_seconds,
    platform: role === "caller" ? "iOS" : "",
    user_name: "",
  };
}

const RECORD = {
  started: "end_record",
  answered: "end_record",
  ended: "end_record",
  result: "end_record",
  caller: "end_record",
  callees: "end_record",
  media: "end_record",
  type: "end_record",
  room_id: "v2",
};

/** The members of a call, as its detail has them. */
export function membersOf(call: CallRow): MemberRow[] {
  return detailOf(call, { calls: [], rooms: [], deliveries: [] }).members;
}

export function detailOf(call: CallRow, seed: Seeded): CallDetailRow {
  const deliveries = seed.deliveries.filter((one) => one.delivery.call_id === call.call_id).map((one) => one.delivery);
  const story = stories.get(call.call_id);
  if (story === "group") return { ...groupCall(call, seed), deliveries };
  const step = stepper(call, seed);
  const open = call.ended_ms === null;
  const disputed = story === "disputed";
  const members = [call.caller, ...call.callees].filter((user) => user !== "").map((user) => memberOf(call, user, user === call.caller ? "caller" : "callee"));
  if (disputed && members[1]) Object.assign(members[1], { joined_ms: call.started_ms + 9000, outcome: "" });
  return {
    call,
    names: {},
    notes: [],
    members,
    steps: [
      step(call.started_ms, "start", call.caller, { MediaType: call.media, ChatGroupId: "" }),
      ...call.callees.map((user, i) => step(call.started_ms + 1200 + i * 10, "receive", user, { Status: "Waiting" })),
      ...(disputed
        ? [
            step(call.started_ms + 9000, "accept", "bob", { ActionType: "Accept" }),
            step(call.started_ms + 29_000, "end", "alice", { Event: "call_end", CallResult: "normal_end", Role: "caller" }, "call-v1"),
          ]
        : []),
      ...(call.answered_ms === null ? [] : [step(call.answered_ms, "accept", call.callees[0] ?? "", { ActionType: "Accept", TotalNum: call.members })]),
      ...(call.ended_ms === null ? [] : [step(call.ended_ms, "end", "", { CallResult: call.result, MediaType: call.media })]),
    ],
    sources: open ? { started: "v2", caller: "v2", media: "v2", room_id: "v2", ...(call.answered_ms === null ? {} : { answered: "v2" }) } : RECORD,
    deliveries,
  };
}

/** Late, back again, withdrawn, declined, and a report after the end. */
function groupCall(call: CallRow, seed: Seeded): Omit<CallDetailRow, "deliveries"> {
  const step = stepper(call, seed);
  const at = (seconds: number) => call.started_ms + seconds * 1000;
  const member = (user: string, role: MemberRow["role"], more: Partial<MemberRow>): MemberRow => ({ ...memberOf(call, user, role), ...more });
  return {
    call,
    names: {},
    notes: [],
    members: [
      member("alice", "caller", { talk_seconds: 604 }),
      member("bob", "callee", { joined_ms: at(6), left_ms: at(610), talk_seconds: 454, ring_seconds: 6 }),
      member("carol.meier", "callee", { joined_ms: at(240), left_ms: at(600), talk_seconds: 360, ring_seconds: 240, platform: "Android" }),
      member("李小龙", "callee", { joined_ms: null, left_ms: at(40), outcome: "cancel", talk_seconds: 0, ring_seconds: 40 }),
      member("desk.2", "callee", { joined_ms: null, left_ms: at(9), outcome: "reject", talk_seconds: 0, ring_seconds: 9 }),
      member("tutor_ann", "", { invited_ms: at(300), joined_ms: at(305), left_ms: at(420), outcome: "interrupt", talk_seconds: 115, ring_seconds: 5 }),
    ],
    steps: [
      step(at(0), "start", "alice", { MediaType: "Video" }),
      step(at(6), "accept", "bob", { ActionType: "Accept" }),
      step(at(9), "reject", "desk.2", { ActionType: "Reject" }),
      step(at(40), "cancel_invite", "李小龙", { ActionType: "Cancel_Invite" }),
      step(at(150), "hang_up", "bob", { ActionType: "HangUp" }),
      step(at(240), "join", "carol.meier", { ActionType: "Join" }),
      step(at(300), "join", "bob", { ActionType: "Join" }),
      step(at(300), "invite", "tutor_ann", { ActionType: "Invited" }),
      step(at(305), "accept", "tutor_ann", { ActionType: "Accept" }),
      step(at(420), "interrupt", "tutor_ann", { ActionType: "Interrupt" }),
      step(at(600), "hang_up", "carol.meier", { ActionType: "HangUp" }),
      step(at(610), "end", "", { CallResult: "NormalEnd", MediaType: "Video", CallType: "MultiCall" }),
      step(at(612), "hang_up", "bob", { ActionType: "HangUp" }),
    ],
    sources: { ...RECORD, answered: "fetched_record", type: "v1", media: "v1" },
  };
}
