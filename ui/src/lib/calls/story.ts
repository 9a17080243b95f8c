import type { CallRow, MemberRow, StepRow } from "../api/types";
import { text, word } from "../text";
import { stepWords } from "./step";

/** One thing that happened to a member of a call. */
export interface Moment {
  at_ms: number;
  words: string;
  /** The delivery that told it; none where only an end record did. */
  delivery?: string;
}

const INVITED = ["start", "receive", "invite"];
const JOINED = ["accept", "join"];
const GONE = ["hang_up", "end", "offline", "interrupt", "reject", "not_answer", "busy", "cancel_invite", "fail"];
/** CallKit v1 tells the caller what the other side did: nothing that happened to the caller. */
const OF_THE_OTHER_SIDE = ["start_call", "call_accepted", "call_missed", "call_rejected", "call_busy", "call_failed", "cancel_call", "invite_user"];

const ofTheOther = (step: StepRow) => OF_THE_OTHER_SIDE.includes(String(step.sent["Event"] ?? ""));

type Where = "" | "invited" | "inside" | "gone";

/**
 * When a member was invited, joined, left, came back and left again, from the steps; what only the end record tells is
 * filled in from the member itself. What was reported after the end stands in the timeline alone.
 */
export function storyOf(member: MemberRow, steps: readonly StepRow[], call: Pick<CallRow, "ended_ms">): Moment[] {
  const moments: Moment[] = [];
  const isCaller = member.role === "caller";
  // The caller is inside from the start.
  let where = (isCaller ? "inside" : "") as Where;
  const wasIn = () => moments.some((moment) => moment.words === text.calls.joined || moment.words === text.calls.back);
  const inviting = (at_ms: number) => {
    const step = steps.find((one) => one.user === member.user && one.at_ms === at_ms && INVITED.includes(one.action));
    return step && { delivery: step.delivery };
  };
  const add = ({ at_ms, delivery }: Pick<StepRow, "at_ms" | "delivery">, words: string, next: Where) => {
    moments.push({ at_ms, words, delivery });
    where = next;
  };
  if (!isCaller && member.invited_ms !== null) {
    moments.push({ at_ms: member.invited_ms, words: text.calls.invited, ...inviting(member.invited_ms) });
    where = "invited";
  }
  for (const step of steps) {
    if (step.user !== member.user || ofTheOther(step) || (call.ended_ms !== null && step.at_ms > call.ended_ms)) continue;
    if (INVITED.includes(step.action) && !isCaller && ["", "gone"].includes(where)) add(step, text.calls.invited, "invited");
    else if (JOINED.includes(step.action) && where !== "inside") add(step, wasIn() || isCaller ? text.calls.back : text.calls.joined, "inside");
    else if (GONE.includes(step.action) && where !== "gone")
      add(step, where === "inside" && ["hang_up", "end"].includes(step.action) ? text.calls.left : word(text.actions, step.action), "gone");
  }
  if (!isCaller && member.joined_ms !== null && !wasIn()) moments.push({ at_ms: member.joined_ms, words: text.calls.joined });
  if (member.left_ms !== null && where !== "gone" && (isCaller || member.joined_ms !== null)) moments.push({ at_ms: member.left_ms, words: text.calls.left });
  return moments.sort((a, b) => a.at_ms - b.at_ms);
}

/** What each step of a call says, where somebody who joins once more came back. */
export function wordsOfSteps(steps: readonly StepRow[]): string[] {
  const left = new Set<string>();
  const inside = new Set<string>();
  return steps.map((step) => {
    if (step.user === "" || ofTheOther(step)) return stepWords(step);
    const returns = JOINED.includes(step.action) && left.has(step.user);
    if (JOINED.includes(step.action)) {
      inside.add(step.user);
      left.delete(step.user);
    } else if (GONE.includes(step.action) && inside.delete(step.user)) left.add(step.user);
    return returns ? text.calls.back : stepWords(step);
  });
}
