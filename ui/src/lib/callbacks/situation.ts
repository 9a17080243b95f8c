import type { Applied, CatalogueProduct, Change, Plan, ProductState, RtcArrivals, Snapshot } from "../api/types";
import type { Tone } from "../parts/Chip.svelte";
import { visible } from "../format/visible";
import { text } from "../text";
import { say } from "../text/said";
import { asksPermission } from "./selection";

const words = text.callbacks;

/** How a product stands: one word, one sentence, and how urgent it is. */
export interface Situation {
  tone: Tone;
  chip: string;
  sentence: string;
}

const TONES: Record<ProductState["state"], Tone> = {
  unread: "calm",
  no_key: "warn",
  nothing: "calm",
  ours: "good",
  other: "info",
  drift: "warn",
  error: "bad",
};

function sentence(state: ProductState): string {
  const n = state.actions.length;
  switch (state.state) {
    case "ours":
      return n === 0 ? words.sentences.oursNone : words.sentences.ours(n);
    case "other":
      return state.url?.ours ? words.sentences.earlier(n) : words.sentences.other(n);
    case "drift": {
      const now = state.url === null || n === 0 ? words.sentences.driftTo.nothing : words.sentences.driftTo[state.url.ours ? "ours" : "other"](n);
      return text.punctuation.sentences(words.sentences.drift, now);
    }
    case "error":
      return state.error ? visible(say(text.tencent.happened, state.error)) : words.sentences.error;
    default:
      return words.sentences[state.state];
  }
}

/** How a product stands; `reading` while Tencent is being asked. */
export function situation(state: ProductState, reading: boolean): Situation {
  if (reading) return { tone: "info", chip: words.chips.reading, sentence: state.state === "unread" ? words.readingFirst : sentence(state) };
  // Tencent keeps an address with an empty list: nothing is sent, and "On" would be wrong.
  const off = state.state === "ours" && state.actions.length === 0;
  return { tone: off ? "calm" : TONES[state.state], chip: words.chips[off ? "nothing" : state.state], sentence: sentence(state) };
}

/** What is known of RTC Engine: only what arrived. */
export type RtcState = "waiting" | "arriving" | "refused";
export const rtcState = (rtc: RtcArrivals): RtcState => (rtc.refused > 0 ? "refused" : rtc.last_ms !== null ? "arriving" : "waiting");

/** The same for RTC Engine's card. */
export function rtcSituation(rtc: RtcArrivals): Situation {
  const state = rtcState(rtc);
  const arrived = rtc.last_ms === null ? words.rtc.waiting : words.rtc.arriving;
  const tones: Record<RtcState, Tone> = { waiting: "calm", arriving: "good", refused: "bad" };
  return {
    tone: tones[state],
    chip: words.chips[state],
    sentence: rtc.refused > 0 ? text.punctuation.sentences(arrived, sentenceCase(words.rtc.refused(rtc.refused))) : arrived,
  };
}

const sentenceCase = (said: string) => said.charAt(0).toUpperCase() + said.slice(1);

/** What asks for permission among what is sent. */
export const blocking = (product: CatalogueProduct, actions: readonly string[]): string[] => actions.filter((word) => asksPermission(product, word));

/** What was switched on and off between two configurations. */
export function difference(before: Snapshot | null, after: Snapshot | null): { added: string[]; removed: string[]; kept: string[] } {
  const was = before?.actions ?? [];
  const is = after?.actions ?? [];
  return { added: is.filter((word) => !was.includes(word)), removed: was.filter((word) => !is.includes(word)), kept: is.filter((word) => was.includes(word)) };
}

/** What a plan would do, as a sentence. */
export function planSentence(plan: Plan): string {
  const n = plan.added.length + plan.kept.length;
  if (plan.notices.some((one) => one.level === "stop")) return words.does.impossible;
  if (plan.does === "nothing" || plan.does === "delete") return words.does[plan.does];
  return words.does[plan.url_after?.ours === false ? (`${plan.does}Other` as const) : plan.does](n);
}

/** What a change did, as a short sentence. */
export function changeSentence(change: Change): string {
  const { added, removed } = difference(change.before, change.after);
  if (change.does === "set") return words.changes.set(change.after?.actions.length ?? 0);
  return change.does === "update" ? words.changes.update(added.length, removed.length) : words.changes[change.does];
}

/** What Tencent made of a change, and whether it is there. */
export type Outcome = "confirmed" | "refused" | "open";
export function outcome(done: { confirmed: boolean; answer?: { code: number | null } }): Outcome {
  if (done.confirmed) return "confirmed";
  return done.answer === undefined || done.answer.code === 0 ? "open" : "refused";
}

/** What came of it, in a sentence. */
export function appliedSentence(applied: Applied): string {
  if (!applied.confirmed) return applied.error ? say(text.tencent.problems, applied.error) : words.stillDifferent;
  if (applied.change === null) return words.nothingToDo;
  return applied.change.does === "nothing" ? words.takenAsRight : words.readBack(sentence(applied.state));
}

/** The questions of a plan that still have to be agreed to. */
export const unagreed = (plan: Plan, agreed: ReadonlySet<string>): string[] =>
  plan.notices.filter((one) => one.level === "ask" && !agreed.has(one.notice.code)).map((one) => one.notice.code);

/** Whether a plan can be applied, once everything is agreed to. */
export const possible = (plan: Plan): boolean => plan.does !== "nothing" && plan.notices.every((one) => one.level !== "stop");
