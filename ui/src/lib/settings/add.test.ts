import { describe, expect, it } from "vitest";

import { typedId } from "./add";

describe("an SDKAppID that was pasted", () => {
  it("is its digits", () => {
    for (const typed of ["1400123456", " 1400123456\n", "\u{feff}14001\u{200b}23456", "1400\u{ad}123456\u{a0}", "１４００123456"])
      expect(typedId(typed), typed).toBe("1400123456");
    expect(typedId("14 00"), "what is seen is for a person to correct").toBe("14 00");
  });
});
