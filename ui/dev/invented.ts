import type { Subject } from "../src/lib/api/types";
import type { Entries } from "./entries.ts";
import { NOW, type Seeded } from "./seed.ts";

/** What two people added to the seeded record. */
const MINUTE = 60_000;
export const ANN = { id: "11111111-1111-4111-8111-111111111111", name: "ann" };
export const BEN = { id: "22222222-2222-4222-8222-222222222222", name: "Ben 陈" };

/** Who the seeded users are: most have a name, some a team; one person has two ids; two names are hostile. */
const CONTACTS: Record<string, Partial<Record<"name" | "team" | "phone" | "email" | "comment" | "same_as", string> & { ours: boolean }>> = {
  alice: { name: "Alice Novak", team: "Front desk", ours: true, email: "alice@clinic.example", phone: "+49 30 1234567" },
  bob: { name: "Bob Ferreira", team: "Front desk", ours: true },
  "carol.meier": { name: "Carol Meier", team: "Billing", ours: true, comment: "Mornings only" },
  dr_wang: { name: "王医生", team: "门诊", ours: true },
  王医生: { same_as: "dr_wang" },
  "patient-0042": { name: "Grace Okafor", phone: "+44 20 7946 0123", comment: "Prefers to be called after four in the afternoon" },
  李小龙: { name: "李小龙", team: "学生" },
  "desk.1": { name: "Desk, first floor", team: "Front desk", ours: true },
  tutor_ann: { name: "Ann Tutor", team: "Teachers", ours: true },
  student_9: { name: "Student with a name that is far too long for any column of any list there is" },
  user_88120045: { name: "\u202Eeman live\u0007", team: "\u05D0\u05D1\u05D2" },
  "<b>bold</b>": { name: "<img src=x onerror=__xss(9)>", team: "<i>team</i>" },
};

const COLOURS: Record<string, string> = { billing: "orange", complaint: "red", "call back": "blue", resolved: "green", 预约: "purple", vip: "yellow" };
export const TAGS = Object.keys(COLOURS);
const NOTES = [
  "Asked about the invoice of March. Will send it again by Friday.",
  "没有接通，下午再打一次。",
  "Second call about the same thing.\nPlease somebody from billing.",
  "<b>bold</b> \u202Etxet",
];

/** Fills a log. */
export function invent(log: Entries, { calls, rooms }: Seeded): void {
  let at = NOW - 40 * 24 * 60 * MINUTE;
  for (const [user, fields] of Object.entries(CONTACTS)) {
    for (const [field, value] of Object.entries(fields)) log.add({ subject: ["user", user], field, value }, (at += MINUTE), ANN);
  }
  log.add({ subject: ["user", "patient-0042"], field: "comment", value: "Call after four" }, at + MINUTE, BEN);
  log.add({ subject: ["user", "nobody-yet"], field: "name", value: "Never Called" }, at + 2 * MINUTE, BEN);
  for (const [tag, colour] of Object.entries(COLOURS)) log.add({ subject: ["team"], field: `tag_colour:${tag}`, value: colour }, at, ANN);
  for (const [i, call] of calls.slice(0, 400).entries()) {
    const on: Subject = ["call", call.app, call.call_id];
    const after = call.started_ms + 20 * MINUTE;
    if (i % 5 === 4) log.add({ subject: on, field: `tag:${TAGS[i % TAGS.length]}`, value: true }, after, ANN);
    if (i % 9 === 4) log.add({ subject: on, field: `tag:${TAGS[(i + 2) % TAGS.length]}`, value: true }, after, BEN);
    if (i % 7 === 4) log.note(on, NOTES[i % NOTES.length] ?? "", after, i % 2 === 0 ? ANN : BEN);
    if (i === 4) log.note(on, NOTES[1] ?? "", after + 40 * MINUTE, BEN);
  }
  log.note(["user", "patient-0042"], "Her daughter calls as patient-0117 now and then.", NOW - 3 * 24 * 60 * MINUTE, BEN);
  // The tag of an id that is not the one its person goes by.
  log.add({ subject: ["user", "王医生"], field: "tag:vip", value: true }, NOW - 3 * 24 * 60 * MINUTE, BEN);
  const room = rooms[1];
  if (room) {
    const on: Subject = ["room", room.app, room.product, room.room_id_type, room.room_id];
    log.note(on, "Recording was asked for.", NOW - 50 * MINUTE, ANN);
    log.add({ subject: on, field: "tag:resolved", value: true }, NOW - 49 * MINUTE, ANN);
  }
}
