// Callbacks with a hostile text in every field that a callback can fill, made of Tencent's samples.
import { readFileSync } from "node:fs";

import { kept } from "./payloads.mjs";

export const APP = "1400123456";
/** Whose bodies have the text in every field at once, also in those that hold a code. */
export const MIXED_APP = "1400999999";
/** Tencent's moments of the samples are seconds and milliseconds after this one. */
const FIRST_MS = 1_760_000_000_000;
/** A longer query or header than this is refused before anything is read. */
const MOST_IN_HEAD = 1500;

const SAMPLES = new URL("../../../tests/fixtures/samples/", import.meta.url);
const INDEX = JSON.parse(readFileSync(new URL("INDEX.json", SAMPLES), "utf8"));
const sample = (file) => JSON.parse(readFileSync(new URL(`${file}.json`, SAMPLES), "utf8"));
const word = (text) => encodeURIComponent(kept(text));
const fits = (text) => word(text).length <= MOST_IN_HEAD;

/** Ids of nothing but white space are no ids. */
export const isId = (text) => !/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(text);

/** A query with the text in what it says of the client, and under a name of its own. */
function query(app, rest, text) {
  const client = fits(text) ? `&ClientIP=${word(text)}&OptPlatform=${word(text)}&${word(text)}=${word(text)}` : "&OptPlatform=iOS";
  return `SdkAppid=${app}&${rest}&contenttype=json${client}`;
}

/** Headers hold bytes; some bytes cannot be in one. */
function headers(text) {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(bytes) || !fits(text) ? {} : { "User-Agent": bytes, "X-Hostile": bytes };
}

const command = (name) => `CallbackCommand=${name}`;
const post = (query, body, text) => ({ query, headers: headers(text), body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8") });

/** One call, which the text names and takes part in, from its start to its end; `next` and `other` are the texts after it. */
function call(i, { text }, next, other) {
  const base = { start: FIRST_MS + i * 60_000 };
  const at = (seconds) => ({ seconds: base.start / 1000 + seconds, ms: base.start + seconds * 1000 });
  const started = sample("call_after_start_call");
  Object.assign(started.CallInfo, { CallId: text, ChatGroupId: text, RoomId: text });
  started.UserList = [
    { User_Account: text, Status: "Calling" },
    { User_Account: next.text, Status: "Waiting" },
    { User_Account: other.text, Status: text },
  ];
  started.EventTime = at(0).ms;
  const changed = sample("call_after_member_changed_Accept");
  Object.assign(changed, { CallId: text, UserList: started.UserList, EventTime: at(4).ms, [text]: text });
  changed.ChangedUserList = [
    { User_Account: next.text, ActionType: "Accept" },
    { User_Account: other.text, ActionType: text },
  ];
  const ended = sample("call_after_end_call_NormalEnd");
  Object.assign(ended.CallRecord, {
    CallId: text,
    Caller_Account: text,
    CallType: "MultiCall",
    CalleeList_Account: [text, next.text, other.text],
    RoomId: text,
  });
  Object.assign(ended.CallRecord, { StartTime: at(0).seconds, AcceptTime: at(4).seconds, EndTime: at(50).seconds });
  ended.EventTime = at(50).ms;
  return [started, changed, ended].map((body) => post(query(APP, command(body.CallbackCommand), text), body, text));
}

/** After every call of `call`, and on the same day: what is missed then is still open. */
const LATER_MS = 7 * 3_600_000;

/** A call by somebody whom the text names, which nobody answered: a case of follow-up. */
function missed(i, { text }, next) {
  const at = FIRST_MS + LATER_MS + i * 60_000;
  const ended = sample("call_after_end_call_NotAnswer");
  Object.assign(ended.CallRecord, { CallId: missId(i), Caller_Account: text, CalleeList_Account: [next.text], RoomId: text });
  Object.assign(ended.CallRecord, { StartTime: at / 1000, EndTime: at / 1000 + 30 });
  ended.EventTime = at + 30_000;
  return [post(query(APP, command(ended.CallbackCommand), text), ended, text)];
}

/** The call that the so-many-th text is missed in. */
export const missId = (i) => `missed ${i}`;
/** Whether the case of the so-many-th text was worked: a text stands in open cases, and in closed ones. */
export const isWorked = (i) => i % 2 === 0;

/** One live room with the text as its id, name, owner, administrator, guest on a seat, metadata, settings and reason of its end. */
function room(i, { text }, next, other) {
  const at = FIRST_MS + i * 60_000;
  const created = sample("live_after_create_room");
  Object.assign(created.RoomInfo, {
    RoomId: text,
    RoomName: text,
    Owner_Account: next.text,
    CustomInfo: text,
    CoverURL: text,
    TakeSeatMode: text,
    Category: [text, next.text],
    [text]: text,
  });
  const told = sample("live_after_set_metadata");
  told.Metadata = [
    { Key: text, Value: next.text },
    { Key: next.text, Value: text },
    { Key: "plain", Value: { [text]: [text] } },
  ];
  const admins = sample("live_after_modify_admin_add");
  admins.Admin_Account = [text, next.text, other.text];
  const seats = sample("mic_after_seat_info_changed_live");
  seats.SeatList[0] = { ...seats.SeatList[0], Member_Account: text, [text]: text };
  const enter = sample("live_member_state_Online_Enter");
  enter.MemberList = [text, next.text, other.text].map((Member_Account) => ({ Member_Account }));
  const leave = sample("live_member_state_Offline_Kicked");
  Object.assign(leave, { MemberList: [{ Member_Account: next.text }], EventCause: text, EventType: text, Reason: text });
  const gone = sample("live_after_destroy_room_by_user");
  gone.EventType = text;
  gone.Statistic[text] = text;
  return [created, told, admins, seats, enter, leave, ...(i % 3 === 0 ? [gone] : [])].map((body, k) => {
    // Seats that an operator changed are those of the other product.
    const named = { ...body, ...(body === seats ? {} : { Operator_Account: text }), RoomId: text, EventTime: at + k * 1000 };
    return post(query(APP, command(body.CallbackCommand), text), named, text);
  });
}

/** A Tencent sample with the text in the place of every text, and under a name of its own in every object. */
function everywhere(body, text) {
  if (typeof body === "string") return text;
  if (Array.isArray(body)) return body.map((one) => everywhere(one, text));
  if (typeof body !== "object" || body === null) return body;
  const named = Object.entries(body).map(([name, value]) => [name, name === "CallbackCommand" ? value : everywhere(value, text)]);
  // A computed `__proto__` is a name like any other only in a list of entries.
  return Object.fromEntries([...named, [text, text]]);
}

const BODIES = INDEX.filter((entry) => entry.kind === "callback-request").map((entry) => ({
  body: sample(entry.file.replace(/\.json$/, "")),
  query: entry.query,
}));
/** Every text is put into each so-many-th of the samples, another part of them for each. */
const SHARE = 24;

function samples(i, { text }) {
  return BODIES.filter((_, k) => (k + i) % SHARE === 0).map((one) => {
    // RTC Engine names the application in a header, and the query is free.
    const plain = (one.query ?? "sdkappid=0").replace(/^(sdkappid)=\d+/i, `$1=${MIXED_APP}`);
    const client = fits(text) ? plain.replace(/(clientip|optplatform)=[^&]*/gi, (_, name) => `${name}=${word(text)}`) : plain;
    return post(client, everywhere(one.body, text), text);
  });
}

/** As much of a text as can be in a query. */
export const short = (text) => (fits(text) ? text : text.slice(0, 100));

/** What is no callback at all: an unknown command, a body that is only the text, an application that is not ours. */
function strange(i, { text }) {
  return [
    post(query(APP, command(word(short(text))), text), { CallbackCommand: text, [text]: text }, text),
    post(
      query(APP, `command=${word(short(text))}`, text),
      { CallId: text, UserId: text, Role: text, Event: text, CallResult: text, MediaType: text, CallType: text, RoomId: text, EventTime: FIRST_MS / 1000 },
      text,
    ),
    post(query(APP, "x=1", text), text, text),
    post(`SdkAppid=${word(short(text))}&x=${i}`, { CallbackCommand: text, CallId: text, RoomId: text }, text),
  ];
}

/** A text that is longer is no name. */
const MOST_NAME = 200;
/** Whether people can write it as it is: nothing is cut off at its ends, and nothing is too long. */
export const isName = (text) => isId(text) && kept(text).trim() === kept(text) && [...text].length <= MOST_NAME && !text.includes("\0");

/** Where a text may have several lines, these and what stands between words stay as they are. */
export const isLine = (text) => isName(text) && !/[\n\t\r]| {2}|[^\S ]/u.test(text);

/**
 * What people add, with the text in every field of it: somebody of that id has it as a name, so that whatever shows the id shows the
 * name, and a call and a room have it as a tag and as a note. `[path, body]` each.
 */
export function additions(texts) {
  const names = texts.map(({ text }) => kept(text)).filter(isName);
  const person = (text) => ["name", "team", "phone", "email", "comment"].map((field) => ({ subject: ["user", text], field, value: text }));
  const about = (text) => [
    ["call", APP, text],
    ["room", APP, "live", "", text],
    ["user", text],
  ];
  const cases = [...texts.entries()].filter(([i, { text }]) => isName(text) && isWorked(i));
  const told = (text) => ({ state: "done", reason: kept(text), assignee: { id: "11111111-1111-4111-8111-111111111111", name: kept(text) } });
  return [
    ["/api/me", { name: "Hostile" }],
    ...names.flatMap((text) => [
      ["/api/entries", { edits: [...person(text), ...about(text).map((subject) => ({ subject, field: `tag:${text}`, value: true }))] }],
      ...about(text).map((on) => ["/api/notes", { on, text }]),
    ]),
    ...cases.flatMap(([i, { text }]) => {
      const call = { app: APP, call_id: missId(i) };
      return [
        ["/api/notes", { on: ["call", APP, missId(i)], text: kept(text) }],
        ["/api/cases", { cases: [call], set: told(text) }],
      ];
    }),
  ];
}

/** Everything that is posted for these texts, in groups that belong together. */
export function scenes(texts) {
  const after = (i, n) => texts[(i + n) % texts.length];
  return texts.flatMap((one, i) => [
    ...call(i, one, after(i, 1), after(i, 2)),
    ...missed(i, one, after(i, 1)),
    ...room(i, one, after(i, 1), after(i, 2)),
    ...samples(i, one),
    ...strange(i, one),
  ]);
}
