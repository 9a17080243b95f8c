import { describe, expect, it } from "vitest";

import type { Plan, ProductState, Snapshot } from "../api/types";
import { appliedSentence, changeSentence, difference, outcome, planSentence, possible, rtcSituation, rtcState, situation, unagreed } from "./situation";

const ours = { shown: "https://calls.example.com/hook/••••", ours: true };
const theirs = { shown: "https://crm.example.com/rtc", ours: false };
const state = (some: Partial<ProductState>): ProductState => ({
  product: "live",
  state: "unread",
  read_ms: null,
  url: null,
  actions: [],
  error: null,
  drift: null,
  last_change: null,
  ...some,
});
const wrongKey = { code: "tencent_refused", api: "v4", tencent_code: 70003, info: "check usersig fail", what: "wrong_key", advice: "enter_key" } as const;
const plan = (some: Partial<Plan>): Plan => ({
  does: "set",
  url_before: null,
  url_after: ours,
  added: ["a", "b"],
  removed: [],
  kept: ["c"],
  also: [],
  notices: [],
  keep: null,
  seen: "1",
  ...some,
});

describe("a product's sentence", () => {
  it("counts what is sent and says where", () => {
    expect(situation(state({ state: "ours", url: ours, actions: ["a", "b", "c"] }), false).sentence).toBe(
      "Tencent sends 3 kinds of callbacks to this computer.",
    );
    expect(situation(state({ state: "ours", url: ours, actions: ["a"] }), false).sentence).toBe("Tencent sends 1 kind of callback to this computer.");
    expect(situation(state({ state: "other", url: theirs, actions: ["a", "b"] }), false).sentence).toBe(
      "Tencent sends 2 kinds of callbacks to another address.",
    );
  });

  it("does not say On where the address is known and nothing is sent", () => {
    const said = situation(state({ state: "ours", url: ours }), false);
    expect([said.chip, said.tone]).toEqual(["Off", "calm"]);
  });

  it("tells a drift with what it led to", () => {
    expect(situation(state({ state: "drift" }), false).sentence).toBe("Someone else changed this. Now Tencent sends nothing.");
    expect(situation(state({ state: "drift", url: theirs, actions: ["a"] }), false).sentence).toContain("1 kind of callback to another address");
  });

  it("says what Tencent's error means", () => {
    expect(situation(state({ state: "error", error: wrongKey }), false)).toEqual({
      tone: "bad",
      chip: "Error",
      sentence: "Tencent does not accept the password: the SDKSecretKey does not belong to this SDKAppID.",
    });
  });

  it("keeps the sentence while Tencent is asked", () => {
    expect(situation(state({ state: "nothing" }), true)).toEqual({ tone: "info", chip: "Checking…", sentence: "Tencent sends nothing." });
    expect(situation(state({}), true).sentence, "there is none to keep the first time").toBe("Checking what Tencent sends…");
  });

  it("knows an earlier address of this computer", () => {
    expect(situation(state({ state: "other", url: ours, actions: ["a"] }), false).sentence).toBe(
      "Tencent sends 1 kind of callback to an earlier address of this computer.",
    );
  });
});

describe("RTC Engine", () => {
  it("is known by what arrived alone", () => {
    expect(rtcState({ has_key: true, last_ms: null, refused: 0 })).toBe("waiting");
    expect(rtcState({ has_key: true, last_ms: 5, refused: 0 })).toBe("arriving");
    expect(rtcSituation({ has_key: true, last_ms: null, refused: 2 }).sentence).toBe(
      "Nothing has arrived since Calltrail started. 2 were refused because the signature does not match the key.",
    );
  });
});

describe("a difference", () => {
  const before: Snapshot = { url: theirs, actions: ["a", "b"] };
  const after: Snapshot = { url: ours, actions: ["b", "c"] };

  it("is what came, what went and what stayed", () => {
    expect(difference(before, after)).toEqual({ added: ["c"], removed: ["a"], kept: ["b"] });
    expect(difference(null, after).added, "nothing was there").toEqual(["b", "c"]);
    expect(difference(before, null).removed, "nothing is left").toEqual(["a", "b"]);
  });

  it("is told as a change", () => {
    const change = { change: 1, at_ms: 0, by: "window", answer: { code: 0, error: null, message: "" }, confirmed: true } as const;
    expect(changeSentence({ ...change, does: "update", before, after })).toBe("1 switched on, 1 switched off");
    expect(changeSentence({ ...change, does: "update", before, after: { url: ours, actions: before.actions } })).toBe("Changed the address");
    expect(changeSentence({ ...change, does: "set", before: null, after })).toBe("Started sending 2 kinds of callbacks");
    expect(changeSentence({ ...change, does: "delete", before, after: null })).toBe("Stopped sending");
  });
});

describe("what came of a change", () => {
  const change = {
    change: 1,
    at_ms: 0,
    by: "window",
    does: "set",
    before: null,
    after: null,
    confirmed: true,
    answer: { code: 0, error: null, message: "" },
  } as const;
  const done = state({ state: "ours", url: ours, actions: ["a", "b"] });

  it("is told by reading back, by Tencent's refusal, or left open", () => {
    expect(outcome({ confirmed: true, answer: { code: 0 } })).toBe("confirmed");
    expect(outcome({ confirmed: false, answer: { code: 70003 } })).toBe("refused");
    expect(outcome({ confirmed: false, answer: { code: null } }), "no answer came, and it is not there").toBe("refused");
    expect(outcome({ confirmed: false, answer: { code: 0 } })).toBe("open");
  });

  it("is a sentence", () => {
    expect(appliedSentence({ state: done, change, confirmed: true, error: null })).toBe(
      "Calltrail checked with Tencent again afterwards. Tencent sends 2 kinds of callbacks to this computer.",
    );
    expect(appliedSentence({ state: done, change: null, confirmed: true, error: null })).toContain("Nothing to do");
    const refused = appliedSentence({ state: done, change, confirmed: false, error: wrongKey });
    expect(refused, "what happened, what to do, and what Tencent calls it").toMatch(
      /does not belong .* Enter the SDKSecretKey .* \(Tencent error 70003: “check usersig fail”\)$/,
    );
    expect(appliedSentence({ state: done, change, confirmed: false, error: null }), "taken, and not to be seen").toMatch(/still shows something else/);
  });
});

describe("a plan", () => {
  it("says how many will be sent, and to whom", () => {
    expect(planSentence(plan({}))).toBe("Tencent would start sending 3 kinds of callbacks to this computer.");
    expect(planSentence(plan({ does: "update", url_after: theirs })), "a restore may lead elsewhere").toContain("to the address below");
    expect(planSentence(plan({ does: "delete", url_after: null }))).toBe("Tencent would stop sending.");
    const notices = [{ level: "stop", notice: { code: "no_public_url" } }] as const;
    expect(planSentence(plan({ does: "nothing", notices: [...notices] })), "nothing would change only because it cannot be done").toBe(
      "This cannot be applied yet.",
    );
  });

  it("is possible without a stop, and waits for each question", () => {
    const ask = { level: "ask", notice: { code: "not_ours" } } as const;
    const stop = { level: "stop", notice: { code: "no_public_url" } } as const;
    expect(possible(plan({ notices: [ask] }))).toBe(true);
    expect(possible(plan({ notices: [ask, stop] }))).toBe(false);
    expect(possible(plan({ does: "nothing" })), "there is nothing to apply").toBe(false);
    expect(unagreed(plan({ notices: [ask, { level: "ask", notice: { code: "moderation", commands: [], stops: true } }] }), new Set(["not_ours"]))).toEqual([
      "moderation",
    ]);
  });
});
