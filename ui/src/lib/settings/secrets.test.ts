import { describe, expect, it } from "vitest";

import { doubtWords, keptWords, typedSecrets } from "./secrets";

describe("secrets that were typed", () => {
  it("are sent only where something was typed", () => {
    expect(typedSecrets({ secret_key: "", live_token: "  " }), "an empty field changes nothing; forgetting is a button").toEqual({});
    expect(typedSecrets({ secret_key: " ab\n", rtc_key: "" }), "what copying brings along is not part of it").toEqual({ secret_key: "ab" });
  });
  it("are doubted in words", () => {
    expect(doubtWords({ doubts: [{ secret: "secret_key", code: "not_64_hex", length: 63 }] }).join()).toContain("63");
    expect(doubtWords({ doubts: [{ secret: "rtc_key", code: "of_a_newer_version", length: 1 }] }), "what is not known is not said").toEqual([]);
  });
  it("say where they are kept", () => {
    expect(keptWords({ kept_in: "key_store", file: null })).toContain("key store");
    expect(keptWords({ kept_in: "file", file: "/x/secrets.json" })).toContain("/x/secrets.json");
    expect(keptWords({ kept_in: "file", file: null }), "no empty name").not.toContain(":");
  });
});
