import { expect, test } from "vitest";

import { stepWords } from "./step";

test("a step says what it says of the right user", () => {
  const step = (action: string, user: string, sent: Record<string, unknown> = {}) => stepWords({ action, user, sent });
  expect(step("accept", "bob"), "v2 names who answered").toBe("answered");
  expect(step("accept", "alice", { Event: "call_accepted" }), "v1 tells the caller that somebody else did").toBe("got an answer");
  expect(step("end", ""), "the call as a whole").toBe("The call ended");
  expect(step("end", "bob", { CallResult: "normal_end" }), "the call for one user").toBe("finished the call");
  expect(step("Teleport", "bob"), "a word that is not known is shown as sent").toBe("Teleport");
});
