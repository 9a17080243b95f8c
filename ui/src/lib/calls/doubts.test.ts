import { describe, expect, it } from "vitest";

import type { CallDetailRow, CallRow, MemberRow, StepRow } from "../api/types";
import { doubts } from "./doubts";
import { sourceOf } from "./sources";

const START = new Date(2026, 10, 21, 10, 0, 0).getTime();
const call = (more: Partial<CallRow>): CallRow => ({
  app: "1",
  call_id: "c",
  started_ms: START,
  answered_ms: null,
  ended_ms: START + 30_000,
  result: "not_answer",
  media: "video",
  type: "single",
  caller: "ann",
  caller_name: "",
  callees: ["bob"],
  callee_names: [""],
  other_names: [],
  tags: [],
  notes: 0,
  note: "",
  members: 2,
  others: [],
  ring_seconds: null,
  talk_seconds: null,
  room_id: "",
  room_id_type: "",
  source: "callback",
  last_ms: START + 30_000,
  ...more,
});
const step = (family: StepRow["family"], action: string, user: string, sent: Record<string, unknown>): StepRow => ({
  at_ms: START,
  action,
  user,
  platform: "",
  client_ip: "",
  sent,
  family,
  command: "",
  flagged: false,
  delivery: "",
});
const said = (of: Partial<CallRow>, sources: Record<string, string>, steps: StepRow[] = [], members: Partial<MemberRow>[] = []) =>
  doubts(
    {
      call: call(of),
      sources,
      steps,
      members: members.map((one) => ({ user_name: "", ...one }) as MemberRow),
      deliveries: [],
      names: {},
      notes: [],
    } as CallDetailRow,
    START,
  );

const RECORD = {
  started: "end_record",
  answered: "end_record",
  ended: "end_record",
  result: "end_record",
  caller: "end_record",
  media: "end_record",
  type: "end_record",
};
const agreeing = [
  step("call-v1", "end", "ann", {
    CallResult: "not_answer",
    Role: "caller",
    MediaType: "video",
    CallType: "single",
    StartCallTs: START / 1000 + 2,
    EndTs: START / 1000 + 31,
  }),
  step("call", "end", "", {
    CallResult: "NotAnswer",
    Caller_Account: "ann",
    MediaType: "Video",
    CallType: "SingleCall",
    StartTime: START / 1000,
    EndTime: START / 1000 + 30,
  }),
];

describe("a call that can be trusted", () => {
  it("raises no doubt, whatever the spelling", () => {
    expect(said({}, RECORD, agreeing, [{ user: "bob", role: "callee", joined_ms: null }]), "two seconds between two clocks are nothing").toEqual([]);
  });
});

describe("a call that went silent", () => {
  it("says that no end was heard", () => {
    expect(said({ result: "unknown", ended_ms: null, last_ms: START + 5000 }, { started: "v2" })).toEqual([
      "No end was reported. Last callback about this call: 10:00:05. Whether it was answered after that is not known.",
    ]);
    expect(said({ result: "unknown", ended_ms: null, answered_ms: START }, { answered: "v2" })[0]).toMatch(/how long they talked is not known/);
  });
  it("is not one that ended with an unknown result", () => {
    expect(said({ result: "unknown" }, RECORD)[0], "the end is known, its name is not").toMatch(/^Tencent reported a result/);
    expect(said({ result: "unknown" }, { ended: "end_record" })[0], "no result was sent").toMatch(/no callback says how/);
  });
});

describe("sources that disagree", () => {
  it("are told, field by field", () => {
    const steps = [step("call-v1", "end", "eve", { CallResult: "normal_end", Role: "caller", StartCallTs: START / 1000 - 60 }), agreeing[1] as StepRow];
    expect(said({}, RECORD, steps)).toEqual([
      "Started: the sources disagree. Shown: 10:00:00, from the end record; CallKit v1 says 09:59:00.",
      "Caller: the sources disagree. Shown: ann, from the end record; CallKit v1 says eve.",
      "Result: the sources disagree. Shown: Missed, from the end record; CallKit v1 says Answered.",
    ]);
  });
  it("are told where nobody answered but somebody joined", () => {
    expect(
      said(
        {},
        RECORD,
        [],
        [
          { user: "ann", role: "caller", joined_ms: START },
          { user: "b\u202Eb", role: "callee", joined_ms: START },
        ],
      ),
    ).toEqual(["The end record says that nobody answered, but other callbacks say that b\\u{202E}b joined."]);
  });
  it("are not members of a group, who each have a result of their own", () => {
    const steps = [step("call-v1", "reject", "bob", { CallResult: "reject", Role: "callee" })];
    expect(said({ type: "group", result: "normal_end", answered_ms: START }, RECORD, steps)).toEqual([]);
  });
});

describe("where a field came from", () => {
  it("is said in words", () => {
    expect(sourceOf({ answered: "v2" }, "answered")?.from, "an answer is known from member changes").toBe("from member changes");
    expect(sourceOf({ media: "v2" }, "media")?.from, "the rest from the start").toBe("from the start event");
    expect(sourceOf({ ended: "oracle" }, "ended")?.from, "a source that is not known is shown as it is").toBe("oracle");
    expect(sourceOf({}, "ended"), "nothing is claimed where nothing was told").toBeUndefined();
  });
});
