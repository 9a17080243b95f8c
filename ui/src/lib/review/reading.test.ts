import { describe, expect, it } from "vitest";

import { changed, looksTheSame, why } from "./reading";

describe("a reading", () => {
  it("has perhaps a reason", () => {
    expect(why({ verdict: "applied", reason: null })).toBe("");
    expect(why({ verdict: "unparsable", reason: { code: "not_json", why: "an end at line 1" } })).toBe("The body is not JSON: an end at line 1.");
    expect(why({ verdict: "bad_signature", reason: { code: "sentence", text: "As it was kept." } }), "as an older version has kept it").toBe("As it was kept.");
  });

  it("can look the same while its call is another", () => {
    const applied = { verdict: "applied", reason: null } as const;
    const one = { digest: "", received_ms: 0, command: "", before: applied, after: applied };
    const repaired = { verdict: "repaired", reason: { code: "repaired", defects: ["utf16"] } } as const;
    expect([looksTheSame(one), looksTheSame({ ...one, after: { ...repaired, reason: { code: "repaired", defects: ["utf16"] } } })]).toEqual([true, false]);
  });
});

describe("what would change", () => {
  it("is told without what stays", () => {
    expect(changed({ deliveries: 1, calls: 1200, rooms: 0, stays: 2, examples: [] })).toEqual([
      "1 delivery gives a different result",
      "1,200 calls change, appear or disappear",
      "2 stays change, appear or disappear",
    ]);
  });
});
