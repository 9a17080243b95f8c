import { describe, expect, it } from "vitest";

import type { CallDetailRow, DeliveryRow, StepRow } from "../api/types";
import { deliveriesHref } from "./sources";
import { tellersOf } from "./tellers";

const AT = 1_700_000_000_000;
const step = (delivery: string, family: StepRow["family"], action: string, more: Partial<StepRow> = {}): StepRow => ({
  at_ms: AT,
  action,
  user: "",
  platform: "",
  client_ip: "",
  sent: {},
  family,
  command: "",
  flagged: false,
  delivery,
  ...more,
});
const kept = (digest: string, source: DeliveryRow["source"] = "callback") =>
  ({ digest, source, family: "call", command: "Call.CallbackAfterEndCall" }) as DeliveryRow;
const told = (field: string, source: string, steps: StepRow[], more: { deliveries?: DeliveryRow[]; call?: object } = {}) =>
  tellersOf(
    {
      call: { started_ms: AT, answered_ms: AT + 5000, ended_ms: AT + 60_000, caller: "ann", ...more.call },
      sources: { [field]: source },
      steps,
      deliveries: more.deliveries ?? [],
      members: [],
    } as unknown as CallDetailRow,
    field,
  );

describe("the delivery that told a field", () => {
  it("of an end record is the deciding one, where that says it", () => {
    const steps = [step("s", "call", "start"), step("e2", "call", "end", { sent: { MediaType: "Video" } })];
    const deliveries = [kept("e1"), kept("e2"), kept("f", "backfill")];
    expect(told("media", "end_record", steps, { deliveries })).toEqual(["e2"]);
    expect(told("ended", "end_record", steps, { deliveries }), "a record that names no end came when it ended").toEqual(["e2"]);
    expect(told("type", "end_record", steps, { deliveries }), "what it does not say was said by another").toEqual(["e1"]);
    expect(told("type", "fetched_record", steps, { deliveries })).toEqual(["f"]);
    expect(told("type", "end_record", steps, { deliveries: [kept("e0"), ...deliveries] }), "which of these is not known").toEqual(["e0", "e1"]);
  });

  it("of the v2 callbacks is the start, and for the answer the first who joined", () => {
    const steps = [step("s", "call", "start"), step("m1", "call", "reject"), step("m2", "call", "accept"), step("m3", "call", "join")];
    expect(told("media", "v2", steps)).toEqual(["s"]);
    expect(told("answered", "v2", steps)).toEqual(["m2"]);
    expect(told("started", "derived", steps)).toEqual(["s"]);
  });

  it("of CallKit v1 is the first that has the field", () => {
    const steps = [
      step("a", "call-v1", "start", { user: "ann", sent: { Role: "caller" } }),
      step("b", "call-v1", "receive", { user: "bob", sent: { Role: "callee", MediaType: "video" } }),
      step("c", "call-v1", "receive", { user: "cat", sent: { Role: "callee", MediaType: "video" } }),
      step("d", "call-v1", "end", { at_ms: AT + 61_000, sent: { EndTs: AT / 1000 + 60, CallResult: "normal_end", StartCallTs: AT / 1000 } }),
    ];
    expect(told("media", "v1", steps)).toEqual(["b"]);
    expect(told("caller", "v1", steps)).toEqual(["a"]);
    expect(told("callees", "v1", steps), "each of them told one").toEqual(["b", "c"]);
    expect(told("ended", "v1", steps), "by the time that it names").toEqual(["d"]);
    expect(told("started", "v1", steps), "also when it came last").toEqual(["d"]);
    expect(told("started", "v1", steps.slice(0, 3)), "or the start itself").toEqual(["a"]);
    expect(told("ended", "v1", [step("x", "call-v1", "end", { at_ms: AT + 60_000 })]), "or by when it happened").toEqual(["x"]);
    expect(told("room_id", "v1", steps), "nothing is claimed").toEqual([]);
  });

  it("is led to, or all of the call where it is not known which", () => {
    expect(deliveriesHref(["ab"], "c 1")).toBe("#/deliveries?open=ab");
    expect([deliveriesHref(["ab", "cd"], "c 1"), deliveriesHref([], "c 1")]).toEqual(["#/deliveries?q=c+1", "#/deliveries?q=c+1"]);
  });
});
