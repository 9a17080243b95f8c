import type { Backup, Saved } from "../api/types";
import { text } from "../text";

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
