import type { IconName } from "../parts/Icon.svelte";
import type { ClockWarning, Connection, Link } from "../api/types";
import { text } from "../text";

/** A link as it is shown; of one that was not told nothing is said. */
export type ShownLink = Omit<Link, "says"> & { says: Link["says"] | null };

/** The links in the order in which a callback passes them, seen from this computer. */
const ORDER: readonly Link["link"][] = ["listener", "address", "commands", "callback"];

/** How each state looks; the word beside it is in `text.connection.states`. */
export const LOOKS: Record<Link["state"], { icon: IconName; tone: "good" | "warn" | "calm" }> = {
  ok: { icon: "check", tone: "good" },
  attention: { icon: "warning", tone: "warn" },
  off: { icon: "minus", tone: "calm" },
  unknown: { icon: "question", tone: "calm" },
};

export type Verdict = "whole" | "attention" | "unproven";

export const VERDICTS: Record<Verdict, { icon: IconName; tone: "good" | "warn" | "calm" }> = {
  whole: { icon: "check", tone: "good" },
  attention: { icon: "warning", tone: "warn" },
  unproven: { icon: "question", tone: "calm" },
};

/** Every link once and in order; one that was not told is not known. */
export function chain(connection: Connection): ShownLink[] {
  return ORDER.map((link) => connection.links.find((one) => one.link === link) ?? { link, state: "unknown", proof_ms: null, says: null });
}

/** All of it in one word: the worst of its links, and `whole` when each is proven and nothing threatens it. */
export function verdict(links: readonly ShownLink[], clockIsOff: boolean): Verdict {
  if (clockIsOff || links.some((link) => link.state === "attention")) return "attention";
  return links.every((link) => link.state === "ok") ? "whole" : "unproven";
}

/** What is known of a wrong clock, and what to do. */
export function clockSays({ source, off_seconds }: ClockWarning): string {
  const { words, help } = text.known.clock[source](off_seconds);
  return text.punctuation.sentences(words, help);
}
