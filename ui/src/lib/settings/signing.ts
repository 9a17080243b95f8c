import type { Signing } from "../api/types";
import { text } from "../text";
import { say } from "../text/said";

/** What a person can do about signing: each is one button. */
export type Deed = "make" | "again" | "take" | "stop" | "ask";

/** How signing of Live callbacks stands, in a sentence, and what can be done about it, the likeliest first. */
export function signingSituation(signing: Signing): { tone: "good" | "bad" | "calm"; sentence: string; deeds: Deed[] } {
  const words = text.signing;
  const { at_tencent, here, fits } = signing;
  if (at_tencent === "unknown")
    return { tone: "calm", sentence: words.unknown(signing.why ? say(text.subscription.problems, signing.why) : ""), deeds: ["ask"] };
  if (at_tencent === "off") {
    if (here === "none") return { tone: "calm", sentence: words.off, deeds: ["make"] };
    if (here === "set") return { tone: "bad", sentence: words.onlyHere, deeds: ["again", "stop"] };
    return { tone: "bad", sentence: words.onlyHere, deeds: ["make", "stop"] };
  }
  if (here === "none") return { tone: "calm", sentence: words.onlyThere, deeds: ["take", "stop"] };
  if (here === "unreadable") return { tone: "bad", sentence: words.unreadable, deeds: ["take", "stop"] };
  return fits === true ? { tone: "good", sentence: words.both, deeds: ["stop"] } : { tone: "bad", sentence: words.differ, deeds: ["take", "stop"] };
}
