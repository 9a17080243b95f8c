/** Words of the record as a whole: its condition, damage, backups, and reprocessing it. */
import { count, grouped } from "./count";

/** How far something is, at the end of a sentence; nothing while the total is not known. */
const far = (done: number, total: number) => (total === 0 ? "." : `: ${grouped(done)} of ${count(total, "delivery", "deliveries")}.`);

export const condition = {
  failing: (why: string) => `Callbacks cannot be stored: ${why}`,
  failingHelp:
    "Until that is solved, Tencent's callbacks are answered with an error. Free some space on the disk, or make sure that Calltrail's folder exists and can be written to; Calltrail continues by itself as soon as it can.",
  locked: (by: string) => `Callbacks cannot be stored: ${by} has locked the record.`,
  lockedBy: (program: string, pid: number) => (program === "" ? `process ${pid}` : `${program} (process ${pid})`),
  lockedByUnknown: "another program",
  lockedHelp: "Let that program finish what it is doing with the record's files, or close it. Calltrail continues by itself as soon as it can.",
  waiting: (n: number) =>
    `${count(n, "callback that arrived meanwhile is waiting", "callbacks that arrived meanwhile are waiting")} in memory and will be stored as soon as possible. Do not quit Calltrail until then.`,
  heldBack: (n: number) => `${count(n, "callback", "callbacks")} could not be stored yet.`,
  turnedAway: (n: number) =>
    `${count(n, "callback was", "callbacks were")} turned away and ${n === 1 ? "is" : "are"} not in the record: too many were already waiting to be stored.`,
  turnedAwayHelp: "Tencent sends some kinds of callbacks again later, but not all. This notice stays until Calltrail is restarted.",
  filling: (done: number, total: number) => `The record is being built from its archive${far(done, total)}`,
  fillingHelp:
    "The newest calls are shown first; older ones are still being added. Exports wait until all of them are there. Nothing is lost, and callbacks are kept meanwhile.",
  rebuilding: (done: number, total: number) => `The record is being rebuilt${far(done, total)}`,
  rebuildingHelp: "What you see is complete and stays as it is until that is done.",
  reading: (done: number, total: number) => `The record is being reprocessed${far(done, total)}`,
  readingHelp: "Nothing changes until you accept it.",
  label: "Status of the record",
  progress: "Progress",
  rebuildFailed: (why: string) => `The record could not be rebuilt completely: ${why}`,
  rebuildFailedHelp: "What has arrived is safe, and callbacks are still kept. Calltrail tries again every few seconds.",
  review: "Reprocessing would change the record. Nothing has changed yet.",
  reviewGo: "See what would change",
  checking: "Calltrail was not closed properly last time, so its files are being checked. Callbacks are kept meanwhile.",
  damaged: (n: number) =>
    n === 1 ? "The record's file was damaged and has been set aside." : `The record's file was damaged ${n} times and has been set aside each time.`,
  damagedHelp: "Callbacks are kept in a new file.",
  damagedGo: "What happened, and what to do",
  exchanged: (n: number) =>
    n === 1
      ? "A file of the record was removed or replaced while Calltrail was running."
      : `Files of the record were removed or replaced ${n} times while Calltrail was running.`,
  exchangedHelp:
    "Nothing is lost: everything was written again from the files that were still open, and callbacks are kept. Something other than Calltrail is changing files in its folder, and should not.",
  backupFailed: (why: string) => `The daily backup could not be made: ${why}`,
  backupGo: "Backups",
};

export const damage = {
  none: "Nothing was damaged",
  noneHelp:
    "If a file of the record can no longer be read correctly, or is removed or replaced while in use, Calltrail goes on keeping callbacks and shows here what it could save.",
  when: (time: string) => `Set aside ${time}`,
  what: "What happened",
  whatBody:
    "The file that held the archive could no longer be read correctly. This can be caused by a failing disk, by a power cut on hardware that loses what it reported as saved, or by another program writing into the file. Calltrail set the file aside and started a new one, so callbacks were still kept.",
  wentAway: (time: string) => `Removed ${time}`,
  wentAwayBody:
    "A file of the record was deleted, moved or renamed while Calltrail was using it. Calltrail still had it open, wrote all of it to its folder again, and refused callbacks for the moment that took. Nothing that was kept before is missing.",
  exchanged: (time: string) => `Replaced ${time}`,
  exchangedBody:
    "A file of the record was replaced by another one while Calltrail was using it. Calltrail still had its own file open, wrote all of it again, refused callbacks for the moment that took, and set the other file aside. Nothing that was kept before is missing, and what only the other file contains is added to the record.",
  check: "What to check",
  checkBody:
    "Programs that synchronise or clean up folders do this, and so does a second computer that uses the same folder. Exclude Calltrail's folder from them: its files are in use day and night and must not be copied back, moved or deleted. To keep a copy of the record elsewhere, use backups.",
  found: "What was found",
  saved: "What could be saved",
  savedOther: "What the other file contained",
  saving: "Everything that can still be read is being added to the record. The result will appear here by itself.",
  savedNothing: "Nothing in the file could be read.",
  deliveries: (n: number) => `${count(n, "delivery was", "deliveries were")} read from it.`,
  fresh: (n: number) =>
    n === 0
      ? "None of them was new: the record holds them already."
      : `${count(n, "of them was", "of them were")} not in the record and ${n === 1 ? "has" : "have"} been added.`,
  repeats: (n: number) => `${count(n, "repeat was", "repeats were")} not in the record yet.`,
  quarantined: (n: number) => `${count(n, "delivery", "deliveries")} went into quarantine, as before.`,
  altered: (n: number) => `${count(n, "entry was", "entries were")} left out: the content is no longer what was received.`,
  unreadable: (n: number) => `${count(n, "place", "places")} in the file could not be read. How much was there is not known.`,
  whole: "All of the file could be read.",
  missing: "What is missing may be in a backup.",
  where: "Where the old file is",
  whereHelp: "It is kept as it was found, and Calltrail never deletes it.",
  copyPath: "Copy the folder's path",
  backup: "Backup",
  backupNone: "There is no backup to restore. Calltrail makes one each day while it runs.",
  seen: "I have read this",
  seenHelp: "This hides the banner; the page stays.",
  wasSeen: "Read",
};

export const backups = {
  title: "Backups",
  help: "Calltrail copies the archive once a day while it runs, checks the copy, and keeps the newest three in the data folder.",
  none: "No backup yet. The first is made once there is something to keep.",
  now: "Back up now",
  making: "Copying and checking…",
  madeAt: "Made",
  size: "Size",
  made: "The backup was made and checked.",
  restore: "Restore…",
  restoreLabel: (when: string) => `Restore the backup from ${when}`,
  ask: (when: string) => `Restore everything in the backup from ${when}?`,
  union:
    "Deliveries that are in the backup but not in the record are added to the record. Nothing is replaced or removed, so nothing can be lost; doing it again changes nothing.",
  bringBack: (when: string) => `Restore the backup from ${when}`,
  bringBackShort: "Restore",
  restoring: "Restoring…",
  restored: (when: string) => `From the backup made ${when}:`,
  elsewhere: "If the disk fails, these backups are lost too. This command makes a copy anywhere else, even while Calltrail is running:",
  command: "calltrail backup FILE",
  commandLabel: "Copy the command for a backup elsewhere",
  damage: "Damaged files that were set aside",
};

export const review = {
  lead: "Calltrail works out calls, rooms and stays from the deliveries in the archive. When a newer version understands more of them, reprocessing shows what would change, before anything does.",
  begin: "Reprocess",
  running: "Reprocessing. Callbacks are kept meanwhile, and you can go on using everything else.",
  unchanged: "Every delivery gives the same result as before. Nothing would change.",
  waits: "This is what would change. Nothing has changed yet.",
  counts: {
    deliveries: (n: number) => `${count(n, "delivery gives", "deliveries give")} a different result`,
    calls: (n: number) => `${count(n, "call changes, appears or disappears", "calls change, appear or disappear")}`,
    rooms: (n: number) => `${count(n, "room changes, appears or disappears", "rooms change, appear or disappear")}`,
    stays: (n: number) => `${count(n, "stay changes, appears or disappears", "stays change, appear or disappear")}`,
  },
  accept: "Accept",
  acceptHelp: "The new results replace the old ones. The archive itself is not touched.",
  decline: "Decline",
  declineHelp: "Everything stays as it is now.",
  accepted: "Accepted. The new results are shown as soon as they are up to date.",
  declined: "Declined. Everything stays as it was.",
  gone: "There is nothing left to decide.",
  examples: "Deliveries with a different result",
  newest: (n: number) => `Only the newest ${grouped(n)} are listed.`,
  columns: { received: "Received", command: "Command", before: "Now", after: "After" },
  same: "same as now; its time, call or room differs",
  back: "Go to Deliveries",
};
