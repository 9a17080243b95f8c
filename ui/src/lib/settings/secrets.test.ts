import { describe, expect, it } from "vitest";

import { keptWords, typedSecrets } from "./secrets";

describe("secrets that were typed", () => {
  it("are sent only where something was typed", () => {
    expect(typedSecrets({ secret_key: "", live_token: "  " }), "an empty field changes nothing; forgetting is a button").toEqual({});
    expect(typedSecrets({ secret_key: " ab\n", rtc_key: "" }), "what copying brings along is not part of it").toEqual({ secret_key: "ab" });
  });
  it("say where they are kept", () => {
    expect(keptWords({ kept_in: "key_store", file: null })).toContain("key store");
    expect(keptWords({ kept_in: "file", file: "/x/secrets.json" })).toContain("/x/secrets.json");
    expect(keptWords({ kept_in: "file", file: null }), "no empty name").not.toContain(":");
  });
});
