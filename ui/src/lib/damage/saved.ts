import type { Backup, Saved, SetAside } from "../api/types";
import { text } from "../text";

/** What happened to an archive, in the words that its kind wants. */
export interface Story {
  title: (time: string) => string;
  body: string;
  /** What a person should look after; nothing for damage, which a disk does by itself. */
  check?: string;
  /** The heading over what its folder held; nothing where there is no file in it. */
  saved?: string;
}

export function story({ kind }: Pick<SetAside, "kind">): Story {
  const { damage } = text;
  switch (kind) {
    case "damaged":
      return { title: damage.when, body: damage.whatBody, saved: damage.saved };
    case "went_away":
      return { title: damage.wentAway, body: damage.wentAwayBody, check: damage.checkBody };
    case "exchanged":
      return { title: damage.exchanged, body: damage.exchangedBody, check: damage.checkBody, saved: damage.savedOther };
  }
}

/** What was brought over from another archive, line by line. */
export function savedLines(saved: Saved): string[] {
  const { deliveries, repeats, quarantined, altered, unreadable } = saved;
  if (deliveries === 0 && quarantined === 0 && unreadable > 0) return [text.damage.savedNothing];
  const lines = [text.damage.deliveries(deliveries), text.damage.fresh(saved.new)];
  if (repeats > 0) lines.push(text.damage.repeats(repeats));
  if (quarantined > 0) lines.push(text.damage.quarantined(quarantined));
  if (altered > 0) lines.push(text.damage.altered(altered));
  lines.push(unreadable > 0 ? text.damage.unreadable(unreadable) : text.damage.whole);
  return lines;
}

/** True when something that the archive held may be missing now. */
export function hasHoles(saved: Saved): boolean {
  return saved.altered > 0 || saved.unreadable > 0;
}

/** The backup that may hold what a damaged archive lost: the newest from before, else the newest. They come newest first. */
export function backupFrom(backups: readonly Backup[], beforeMs: number): Backup | undefined {
  return backups.find((backup) => backup.at_ms <= beforeMs) ?? backups[0];
}

/** Where an archive that was put aside lies, written as the platform of `dataDir` does. */
export function asideFolder(dataDir: string, name: string): string {
  const separator = dataDir.includes("\\") && !dataDir.includes("/") ? "\\" : "/";
  return [dataDir.replace(/[\\/]+$/, ""), "damaged", name].join(separator);
}
