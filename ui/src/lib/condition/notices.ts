import type { Condition, Failure } from "../api/types";
import { visible } from "../format/visible";
import type { Screen } from "../route.svelte";
import { text } from "../text";

/** One line across the top. */
export interface Notice {
  /** Names it, for tests and as a key. */
  id:
    | "failing"
    | "held-back"
    | "turned-away"
    | "damaged"
    | "exchanged"
    | "filling"
    | "rebuilding"
    | "reading"
    | "rebuild-failed"
    | "clock"
    | "review"
    | "backup-failed"
    | "checking";
  /** `bad` is read aloud at once; `quiet` is only there to be seen. */
  tone: "bad" | "warn" | "info" | "quiet";
  words: string;
  help?: string;
  /** Deliveries done, and in all; a total of 0 is not known yet. */
  progress?: { done: number; total: number };
  /** Where more is told. */
  to?: { screen: Screen; words: string };
}

/** What is wrong with the record, or going on with it: the worst first. */
export function notices(condition: Condition): Notice[] {
  const found: Notice[] = [];
  const { failing, rebuilding, rebuild_failed, backup_failed, clock } = condition;
  if (failing !== null) found.push(storing(condition, failing));
  else if (condition.waiting > 0) {
    found.push({ id: "held-back", tone: "bad", words: text.condition.heldBack(condition.waiting), help: text.condition.waiting(condition.waiting) });
  }
  if (condition.turned_away > 0) {
    found.push({ id: "turned-away", tone: "bad", words: text.condition.turnedAway(condition.turned_away), help: text.condition.turnedAwayHelp });
  }
  const to = { screen: "damage", words: text.condition.damagedGo } as const;
  const { exchanged } = condition;
  const damaged = condition.damaged - exchanged;
  if (damaged > 0) found.push({ id: "damaged", tone: "bad", words: text.condition.damaged(damaged), help: text.condition.damagedHelp, to });
  if (exchanged > 0) found.push({ id: "exchanged", tone: "bad", words: text.condition.exchanged(exchanged), help: text.condition.exchangedHelp, to });
  if (rebuild_failed !== null) {
    found.push({ id: "rebuild-failed", tone: "warn", words: text.condition.rebuildFailed(cause(rebuild_failed)), help: text.condition.rebuildFailedHelp });
  }
  if (clock !== null) found.push({ id: "clock", tone: "warn", ...text.known.clock[clock.source](clock.off_seconds) });
  if (rebuilding !== null) found.push(underWay(rebuilding));
  if (backup_failed !== null) {
    const to = { screen: "settings", words: text.condition.backupGo } as const;
    found.push({ id: "backup-failed", tone: "warn", words: text.condition.backupFailed(cause(backup_failed)), to });
  }
  if (condition.review_waits)
    found.push({ id: "review", tone: "info", words: text.condition.review, to: { screen: "review", words: text.condition.reviewGo } });
  if (condition.checking) found.push({ id: "checking", tone: "quiet", words: text.condition.checking });
  return found;
}

/** Why nothing can be stored, what to do about it, and how much waits for that. */
function storing({ locked, waiting }: Condition, failing: Failure): Notice {
  const help = locked === null ? text.condition.failingHelp : text.condition.lockedHelp;
  return {
    id: "failing",
    tone: "bad",
    words: locked === null ? text.condition.failing(cause(failing)) : text.condition.locked(holder(locked)),
    help: waiting > 0 ? text.punctuation.sentences(help, text.condition.waiting(waiting)) : help,
  };
}

/** Whose lock it is. A program chooses its name itself. */
function holder({ by }: NonNullable<Condition["locked"]>): string {
  return by === null ? text.condition.lockedByUnknown : text.condition.lockedBy(visible(by.program), by.pid);
}

function underWay({ done, total, partial, for_review }: NonNullable<Condition["rebuilding"]>): Notice {
  const progress = { done: Math.min(done, total), total };
  if (partial) return { id: "filling", tone: "info", words: text.condition.filling(progress.done, total), help: text.condition.fillingHelp, progress };
  if (!for_review)
    return { id: "rebuilding", tone: "quiet", words: text.condition.rebuilding(progress.done, total), help: text.condition.rebuildingHelp, progress };
  return { id: "reading", tone: "quiet", words: text.condition.reading(progress.done, total), help: text.condition.readingHelp, progress };
}

/** What kept the record from being written; the system's own words where it is nothing that has a sentence. */
function cause({ cause, why }: Failure): string {
  return cause === "other" ? sentence(why) : text.known.causes[cause];
}

/** A reason as one sentence: what SQLite says has line ends inside and no full stop. */
export function sentence(why: string): string {
  const shown = visible(why.trim().replace(/\s+/g, " "));
  return /[.!?。]$/.test(shown) ? shown : text.punctuation.stop(shown);
}
