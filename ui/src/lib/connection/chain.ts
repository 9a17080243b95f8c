import type { IconName } from "../parts/Icon.svelte";
import type { ClockWarning, Connection, Link } from "../api/types";
import { text } from "../text";

/** A link as it is shown; of one that was not told nothing is said. */
export type ShownLink = Omit<Link, "says"> & { says: Link["says"] | null };

/** The links in the order in which a callback passes them, seen from this computer. */
const ORDER: readonly Link["link"][] = ["listener", "public", "address", "commands", "callback"];

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

/** Every link once and in order; one that was not told is not known. Where Tencent is played on this computer, there is no public address. */
export function chain(connection: Connection): ShownLink[] {
  const told = (link: Link["link"]) => connection.links.find((one) => one.link === link);
  const shown = ORDER.filter((link) => link !== "public" || told(link) !== undefined);
  return shown.map((link) => told(link) ?? { link, state: "unknown", proof_ms: null, says: null });
}

/** What is to be done next, in a sentence: about what needs attention, else about the first that is not proven. */
export function nextStep(links: readonly ShownLink[]): string | undefined {
  const first = links.find((link) => link.state === "attention") ?? links.find((link) => link.state !== "ok");
  const steps: Partial<Record<string, string>> = text.connection.next;
  return first?.says ? steps[first.says.code] : undefined;
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
