import { describe, expect, it } from "vitest";

import type { MemberRow, StepRow } from "../api/types";
import { storyOf, wordsOfSteps } from "./story";

const step = (at_ms: number, action: string, user: string, sent: Record<string, unknown> = {}): StepRow => ({
  at_ms,
  action,
  user,
  platform: "",
  client_ip: "",
  sent,
  family: "call",
  command: "",
  flagged: false,
  delivery: "",
});
const member = (more: Partial<MemberRow>): MemberRow => ({
  app: "1",
  call_id: "c",
  user: "bob",
  role: "callee",
  invited_ms: null,
  joined_ms: null,
  left_ms: null,
  outcome: "",
  ring_seconds: null,
  talk_seconds: null,
  platform: "",
  user_name: "",
  ...more,
});
const story = (who: MemberRow, steps: StepRow[], ended_ms: number | null = null) =>
  storyOf(who, steps, { ended_ms }).map(({ at_ms, words }) => `${at_ms} ${words}`);

describe("a member's story", () => {
  it("tells who left and came back", () => {
    const steps = [step(6, "accept", "bob"), step(20, "hang_up", "bob"), step(30, "join", "bob")];
    expect(story(member({ invited_ms: 0, joined_ms: 6, left_ms: 50 }), steps, 50), "the last leave is the end of the call").toEqual([
      "0 invited",
      "6 joined",
      "20 left",
      "30 came back",
      "50 left",
    ]);
  });
  it("tells who was invited and withdrawn, and invited again", () => {
    const steps = [step(10, "cancel_invite", "bob"), step(20, "invite", "bob"), step(25, "join", "bob")];
    expect(story(member({ invited_ms: 0, joined_ms: 25 }), steps)).toEqual(["0 invited", "10 invitation was withdrawn", "20 invited", "25 joined"]);
  });
  it("tells of each only once", () => {
    const steps = [step(1, "receive", "bob"), step(2, "invite", "bob"), step(6, "accept", "bob"), step(7, "join", "bob"), step(8, "join", "ann")];
    expect(story(member({ invited_ms: 0, joined_ms: 6 }), steps), "accepting and joining are one arrival").toEqual(["0 invited", "6 joined"]);
  });
  it("takes from the end record what no step told", () => {
    expect(story(member({ invited_ms: 0, joined_ms: 6, left_ms: 50 }), [], 50)).toEqual(["0 invited", "6 joined", "50 left"]);
    expect(story(member({ invited_ms: 0, left_ms: 50, outcome: "not_answer" }), [], 50), "who was not in did not leave").toEqual(["0 invited"]);
  });
  it("does not give the caller what the other side did", () => {
    const caller = member({ user: "ann", role: "caller", joined_ms: 0, left_ms: 50 });
    expect(story(caller, [step(6, "accept", "ann", { Event: "call_accepted" }), step(50, "end", "ann", { Event: "call_end" })], 50)).toEqual(["50 left"]);
    expect(story(caller, [step(20, "hang_up", "ann"), step(30, "join", "ann")], 50), "a caller can leave and come back, too").toEqual([
      "20 left",
      "30 came back",
      "50 left",
    ]);
  });
  it("ends with the call", () => {
    const late = [step(6, "accept", "bob"), step(60, "hang_up", "bob"), step(70, "join", "bob")];
    expect(story(member({ joined_ms: 6, left_ms: 50 }), late, 50), "what is reported after the end does not reopen it").toEqual(["6 joined", "50 left"]);
  });
});

describe("the timeline's words", () => {
  it("say when somebody came back", () => {
    const steps = [step(1, "join", "bob"), step(2, "hang_up", "bob"), step(3, "join", "ann"), step(4, "join", "bob"), step(5, "join", "bob")];
    expect(wordsOfSteps(steps), "ann had not left, and the second arrival of bob came after a leave").toEqual([
      "joined",
      "hung up",
      "joined",
      "came back",
      "joined",
    ]);
  });
  it("say declined and rung again as they are", () => {
    expect(wordsOfSteps([step(1, "reject", "bob"), step(2, "join", "bob")]), "who declined was never in").toEqual(["declined", "joined"]);
  });
});
