import type { StepRow } from "../api/types";
import { text, word } from "../text";

/** What a step says after its user's name: CallKit v1's event where it is one, else the action. */
export function stepWords(step: Pick<StepRow, "action" | "user" | "sent">): string {
  const event = step.sent["Event"];
  if (typeof event === "string" && Object.hasOwn(text.events, event)) return word(text.events, event);
  // A call ends as a whole, or for one of its users.
  if (step.action === "end" && step.user !== "") return text.events.call_end;
  return word(text.actions, step.action);
}
