import type { IconName } from "../parts/Icon.svelte";
import type { Connection, Link } from "../api/types";

/** The links in the order in which a callback passes them, seen from this computer. */
const ORDER: readonly Link["link"][] = ["listener", "address", "commands", "callback"];

/** How each state looks; the word beside it is in `text.connection.states`. */
export const LOOKS: Record<Link["state"], { icon: IconName; tone: "good" | "warn" | "calm" }> = {
  ok: { icon: "check", tone: "good" },
  attention: { icon: "warning", tone: "warn" },
  off: { icon: "minus", tone: "calm" },
  unknown: { icon: "question", tone: "calm" },
};

/** Every link once and in order; one that was not told is not known. */
export function chain(connection: Connection): Link[] {
  return ORDER.map((link) => connection.links.find((one) => one.link === link) ?? { link, state: "unknown", proof_ms: null, message: "" });
}

/** All of it in one word: the worst of its links, and `whole` when each is proven and nothing threatens it. */
export function verdict(links: readonly Link[], clockIsOff: boolean): "whole" | "attention" | "unproven" {
  if (clockIsOff || links.some((link) => link.state === "attention")) return "attention";
  return links.every((link) => link.state === "ok") ? "whole" : "unproven";
}
