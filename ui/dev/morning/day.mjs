// What has happened before the morning begins, and what is done in it. tests/desktop/morning.rs reads the same files.
import { readFileSync } from "node:fs";

/**
 * `calls` are kinds of calls, a minute after one another in this order. In a name, `*` stands for the number of the call within its
 * kind, and `#` for one of ours, in turn. `work` is what is done to one open case after the other.
 */
export const day = JSON.parse(readFileSync(new URL("day.json", import.meta.url), "utf8"));
export const CONTACTS = new URL("contacts.csv", import.meta.url);

/** 2025-03-06 03:00 UTC, in seconds. */
const BEGAN = 1_741_230_000;

/** The callback of a call of the v2 interface that has ended. */
function callback({ kind, caller, callee, result, rings, talks }, n, started) {
  const named = (name) => name.replace("*", n).replace("#", ((n - 1) % day.ours.length) + 1);
  const ended = started + rings + talks;
  return {
    CallbackCommand: "Call.CallbackAfterEndCall",
    CallRecord: {
      CallId: `${kind}-${n}`,
      Caller_Account: named(caller),
      MediaType: "Audio",
      CallType: "SingleCall",
      StartTime: started,
      EndTime: ended,
      AcceptTime: talks === 0 ? 0 : started + rings,
      CallResult: result,
      CalleeList_Account: [named(caller), named(callee)],
    },
    EventTime: ended * 1000,
  };
}

/** All of them, as their bodies are posted. */
export function callbacks() {
  const each = day.calls.flatMap((kind) => Array.from({ length: kind.times }, (_, i) => [kind, i + 1]));
  return each.map(([kind, n], minute) => Buffer.from(JSON.stringify(callback(kind, n, BEGAN + minute * 60)), "utf8"));
}
