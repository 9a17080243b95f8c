import type { SecretState, SecretsKept } from "../api/types";
import type { IconName } from "../parts/Icon.svelte";
import { text } from "../text";

/** The secrets of an app, in the order of their use. */
export const KINDS = ["secret_key", "live_token", "rtc_key"] as const;
export type Kind = (typeof KINDS)[number];

/** How each state looks; the word stands beside it. */
export const LOOKS: Record<SecretState, { icon: IconName; tone: "good" | "bad" | "calm" }> = {
  set: { icon: "check", tone: "good" },
  none: { icon: "minus", tone: "calm" },
  unreadable: { icon: "warning", tone: "bad" },
};

/** What is sent for what was typed: only what is not empty; without the spaces and line ends that copying brings along. */
export function typedSecrets(typed: Readonly<Partial<Record<Kind, string>>>): Partial<Record<Kind, string>> {
  const kept: Partial<Record<Kind, string>> = {};
  for (const kind of KINDS) {
    const secret = (typed[kind] ?? "").trim();
    if (secret !== "") kept[kind] = secret;
  }
  return kept;
}

/** What is unusual about secrets that were taken, a sentence for each. */
export function doubtWords({ doubts }: Pick<SecretsKept, "doubts">): string[] {
  return doubts.flatMap(({ code, length }) => (code === "not_64_hex" ? [text.apps.doubtedKey(length)] : []));
}

/** Where secrets are kept, in a sentence. */
export function keptWords({ kept_in, file }: { kept_in: string; file?: string | null }): string {
  if (kept_in === "key_store") return text.apps.keptInStore;
  return file ? text.apps.keptInFile(file) : text.apps.keptInFileUnnamed;
}
