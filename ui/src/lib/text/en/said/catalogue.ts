/** What is said of the callbacks that Tencent documents. */
import type { CallbackBecause, CallbackGroup, CallbackMakes, CallbackPreset, Product } from "../../../api/types";

const products: Record<Product, { name: string; about: string }> = {
  call: { name: "Calls", about: "Calls that apps make with calls(), the current way." },
  "call-v1": { name: "Calls, older client", about: "Calls that apps make with the older call() and groupCall(). Needs Tencent's Group Call edition." },
  live: { name: "Live rooms", about: "Live streams: rooms that an audience enters and leaves." },
  room: { name: "Conference rooms", about: "Meetings: rooms whose members talk to each other." },
};

const groups: Record<CallbackGroup, string> = {
  calls: "Calls",
  results: "How a call ended",
  caller: "What the caller does",
  others: "What the others do",
  rooms: "Rooms",
  people: "People",
  seats: "Seats",
  battles: "Battles",
  followers: "Followers",
  messages: "Messages",
  gifts: "Gifts",
};

const presets: Record<CallbackPreset, { name: string; about: string }> = {
  history: { name: "Call history", about: "When each call or room began and ended, and how: the fewest callbacks that make a history." },
  presence: { name: "Call history and who was there", about: "Also who answered, joined and left, and when. This is what most teams want." },
  everything: {
    name: "Everything useful",
    about: "Also what happens around it: names, owners, seats, battles, followers. Never a callback that asks for permission.",
  },
};

const makes: Record<CallbackMakes, string> = {
  ringing_call: "The call is in the list while it rings.",
  members: "Each member's timeline, ring and talk times, and when the call was answered.",
  result_and_lengths: "The result and the lengths. Without it, no call gets a result.",
  result: "The call's result, with its times.",
  step: "A step in the call's timeline.",
  answer: "Who answered, and when.",
  joining: "Who was in a group call, and from when.",
  room: "The room, with its name and owner.",
  room_end: "The room's end, and the end of every stay in it.",
  stays: "The stays: who was in the room, from when to when, and why they left.",
  room_detail: "A detail of the room, with its history.",
  delivery: "Kept in Deliveries; there is no list of its own for it.",
  permission: "Calltrail allows everything immediately and moderates nothing. Leave it off unless you are sure that you want that.",
  nothing: "Nothing. It only makes sense together with the gift callback.",
};

const because: Record<CallbackBecause, string> = {
  stays_never_end: "When a room is closed, Tencent does not report who leaves it. Without the room's end, everyone would seem to stay forever.",
  calls_never_end: "Without the end of a call, there would be no telling how it ended and how long it was.",
};

/** By Tencent's word for the callback. */
const tells = {
  "Call.CallbackAfterStartCall": "A call starts to ring.",
  "Call.CallbackAfterMemberChanged": "Someone answers, declines, joins, leaves or loses the connection.",
  "Call.CallbackAfterEndCall": "A call ends: its result and times.",

  normal_end: "A call that was answered ends.",
  cancel: "The caller hangs up before anyone answers.",
  reject: "The other side declines.",
  not_answer: "Nobody answers in time.",
  call_busy: "The other side is busy.",
  interrupt: "The call is cut off, for example when the network fails.",
  caller_start_call: "Someone starts a call.",
  caller_call_accepted: "The other side answers.",
  caller_call_missed: "The call is not answered.",
  caller_call_rejected: "The call is declined.",
  caller_call_busy: "The person called is busy.",
  caller_cancel_call: "The caller cancels.",
  caller_call_failed: "The call cannot be started.",
  caller_call_end: "The call ends for the caller.",
  caller_call_interrupted: "The call is cut off for the caller.",
  callee_receive_call: "Someone receives a call.",
  callee_accept_call: "Someone answers.",
  callee_not_answer_call: "Someone lets it ring.",
  callee_reject_call: "Someone declines.",
  callee_ignore_call: "The call is ignored because the person is in another one.",
  callee_call_canceled: "The caller has cancelled.",
  callee_call_end: "The call ends for someone who was called.",
  callee_call_interrupted: "The call is cut off for someone who was called.",
  invite_user: "Someone is invited to a call in progress.",
  join_in_group_call: "Someone joins a group call in progress.",

  "Live.CallbackAfterCreateRoom": "A live room is opened.",
  "Live.CallbackAfterDestroyRoom": "A live room is closed.",
  "Live.CallbackAfterUpdateRoomInfo": "A live room's name, cover or rules change.",
  "Live.CallbackAfterSetMetadata": "An app stores data of its own in a room.",
  "Live.CallbackAfterDelMetadata": "An app removes data of its own from a room.",
  "Live.CallbackAfterCreateRoomReachingThreshold": "70% of the rooms in your package are in use.",
  "Live.CallbackAfterMemberStateChanged": "Someone enters or leaves a live room, or loses the connection.",
  "Live.CallbackAfterChangeOwner": "A room gets a new owner.",
  "Live.CallbackAfterModifyAdmin": "Someone becomes an administrator of a room, or stops being one.",
  "Mic.CallbackAfterSeatInfoChanged": "Who is in which seat, and whose microphone is locked.",
  "Live.CallbackAfterCreateBattle": "A battle between rooms is proposed.",
  "Live.CallbackAfterStartBattle": "A battle starts.",
  "Live.CallbackAfterEndBattle": "A battle ends, with its score.",
  "Follow.CallbackAfterFollowAdd": "Someone follows someone.",
  "Follow.CallbackAfterFollowDelete": "Someone stops following someone.",
  "Group.CallbackAfterSendMsg": "Someone sends a message in a room. A busy room sends a great many of these.",
  "Group.CallbackBeforeSendMsg": "Asks whether a message may be sent, before anyone sees it.",
  "Live.CallbackBeforeSendGift": "Asks whether a gift may be sent. Without an answer within 2 seconds, the gift is refused.",
  "Live.CallbackBeforeCallBackNotBlock": "Reports nothing: while it is on, gifts do not wait for an answer.",

  "Room.CallbackAfterCreateRoom": "A conference room is opened or scheduled.",
  "Room.CallbackAfterDestroyRoom": "A conference room is closed.",
  "Room.CallbackAfterUpdateRoomInfo": "A conference room's name, owner or rules change.",
  "Room.CallbackAfterMemberEnter": "Someone enters a conference room.",
  "Room.CallbackAfterMemberLeave": "Someone leaves, is removed, or loses the connection.",
};

export const catalogue = { products, groups, presets, makes, because, tells };
