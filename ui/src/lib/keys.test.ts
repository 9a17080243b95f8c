import { describe, expect, it } from "vitest";

import { requestOf } from "./export/choice";
import { callKey, readCallKey } from "./calls/key";
import { readQuery } from "./deliveries/query";
import { readRoomKey, roomKey } from "./rooms/key";
import { readHash, writeHash } from "./route.svelte";

describe("keys in the address", () => {
  it("keep ids that hold colons, blanks and line ends", () => {
    const call = { app: "1400123456", call_id: "a:b\nc" };
    expect(readCallKey(callKey(call))).toEqual(call);
    const room = { app: "1400123456", product: "live", room_id_type: "", room_id: "1:2:3\n" } as const;
    expect(readRoomKey(roomKey(room))).toEqual(room);
    expect([readCallKey("x"), readRoomKey("x")], "what is no key opens nothing").toEqual([undefined, undefined]);
  });
  it("go through the hash", () => {
    const params = new URLSearchParams({ open: "1:a?b#c&d", q: "王" });
    const back = readHash(writeHash("deliveries", params));
    expect([back.screen, back.params.get("open"), back.params.get("q")]).toEqual(["deliveries", "1:a?b#c&d", "王"]);
    expect(readHash("#/nowhere").screen, "an unknown screen is the first one").toBe("calls");
    expect(readHash("").screen).toBe("calls");
  });
});

describe("a raw query", () => {
  it("is taken apart in its order, and never fails", () => {
    expect(readQuery("SdkAppid=14&a=b%20c+d&x&bad=%E0%A4%A&&=1")).toEqual([
      ["SdkAppid", "14"],
      ["a", "b c d"],
      ["x", ""],
      ["bad", "%E0%A4%A"],
      ["", "1"],
    ]);
  });
});

describe("an export", () => {
  it("is CSV except for deliveries", () => {
    const choice = { use: "jsonl", time_format: "local" } as const;
    expect(requestOf("calls", choice, {}).format).toBe("jsonl");
    expect(requestOf("deliveries", choice, {}).format).toBe("jsonl");
  });
});
