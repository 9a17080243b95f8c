import { describe, expect, it } from "vitest";

import { failures } from "./failures";

describe("what could not be read", () => {
  it("is told once for each reason", () => {
    const told = failures([
      { app: "Desk", product: "Call", why: "no answer." },
      { app: "Desk", product: "Live", why: "no answer." },
      { app: "诊所", product: "Call", why: "no answer." },
      { app: "Desk", product: "Room", why: "wrong key." },
      { app: "诊所", product: "Live", why: "" },
    ]);
    expect(told).toEqual(["Desk (Call, Live); 诊所 (Call): no answer.", "Desk (Room): wrong key."]);
  });
  it("shows what is hidden in a name or a reason", () => {
    expect(failures([{ app: "a\u202Eb", product: "Call", why: "x\u0007" }])).toEqual(["a\\u{202E}b (Call): x\\u{0007}"]);
  });
});
