import { describe, expect, it } from "vitest";

import type { Signing } from "../api/types";
import { signingSituation } from "./signing";

const situation = (at_tencent: Signing["at_tencent"], here: Signing["here"], fits: boolean | null = null, why: Signing["why"] = null) => {
  const { tone, deeds } = signingSituation({ at_tencent, here, fits, why });
  return [tone, ...deeds].join(" ");
};

describe("signing of Live callbacks", () => {
  it("is well where both sides agree", () => {
    expect(situation("off", "none"), "nothing is signed, nothing is checked").toBe("calm make");
    expect(situation("on", "set", true), "signed and checked").toBe("good stop");
    expect(situation("on", "none"), "signed, and taken unchecked").toBe("calm take stop");
  });
  it("is bad where honest callbacks wait in quarantine", () => {
    expect(situation("on", "set", false), "another token").toBe("bad take stop");
    expect(situation("on", "unreadable"), "nothing can be checked").toBe("bad take stop");
    expect(situation("off", "set"), "what is not signed is turned away").toBe("bad again stop");
    expect(situation("off", "unreadable"), "and the token here is lost").toBe("bad make stop");
  });
  it("says why nobody knows", () => {
    const why = { code: "no_secret_key", app: "1400000000" } as const;
    expect(situation("unknown", "set", null, why)).toBe("calm ask");
    expect(signingSituation({ at_tencent: "unknown", here: "set", fits: null, why }).sentence).toContain("SDKSecretKey of 1400000000");
  });
});
