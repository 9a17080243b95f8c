import { describe, expect, it } from "vitest";

import { changed, looksTheSame, reading } from "./reading";

describe("a reading", () => {
  it("is a verdict in words and perhaps a reason", () => {
    expect(reading("applied")).toEqual({ verdict: "applied", words: "Recorded", reason: "" });
    expect(reading("unparsable: The body: bad.")).toEqual({ verdict: "unparsable", words: "Not understood", reason: "The body: bad." });
    expect(reading("newer_than_us").words, "a verdict of a newer version is shown as it is").toBe("newer_than_us");
    expect(reading("").words).toBe("not processed");
  });

  it("can look the same while its call is another", () => {
    const one = { digest: "", received_ms: 0, command: "", before: "applied", after: "applied" };
    expect([looksTheSame(one), looksTheSame({ ...one, after: "repaired: x" })]).toEqual([true, false]);
  });
});

describe("what would change", () => {
  it("is told without what stays", () => {
    expect(changed({ deliveries: 1, calls: 1200, rooms: 0, stays: 2, examples: [] })).toEqual(["1 delivery gives a different result", "1,200 calls change, appear or disappear", "2 stays change, appear or disappear"]);
  });
});
