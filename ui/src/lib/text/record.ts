/** Words of the record as a whole: its condition, damage, backups, and reading it again. */
import { count, grouped } from "./count";

/** How far something is, at the end of a sentence; nothing while the total is not known. */
const far = (done: number, total: number) => (total === 0 ? "." : `: ${grouped(done)} of ${count(total, "delivery", "deliveries")}.`);

export const condition = {
  failing: (why: string) => `Callbacks cannot be stored: ${why}`,
  failingHelp:
    "Tencent's callbacks are refused meanwhile. Some kinds are sent again later, others are not, so each minute counts. Free some space on the disk, or see that Calltrail's folder is there and may be written to; it goes on by itself as soon as it can.",
  filling: (done: number, total: number) => `The record is being put together from its archive${far(done, total)}`,
  fillingHelp: "The newest calls are shown first; older ones are still being added. Exports wait until all are there. Nothing is lost, and callbacks are kept meanwhile.",
  rebuilding: (done: number, total: number) => `The record is being derived anew${far(done, total)}`,
  rebuildingHelp: "What you see is complete and stays until then.",
  reading: (done: number, total: number) => `The archive is being read again${far(done, total)}`,
  readingHelp: "Nothing changes without your consent.",
  progress: "Progress",
  rebuildFailed: (why: string) => `The record could not be derived to its end: ${why}`,
  rebuildFailedHelp: "What has arrived is safe, and callbacks are kept. It is tried again every few seconds.",
  review: "Calltrail reads some deliveries differently now. Nothing has changed yet.",
  reviewGo: "See what would change",
  checking: "Calltrail was not closed properly last time, so its files are being checked. Callbacks are kept meanwhile.",
  damaged: (n: number) => (n === 1 ? "The record's file was damaged and has been put aside." : `The record's file was damaged ${n} times and has been put aside each time.`),
  damagedHelp: "Callbacks are kept in a new file.",
  damagedGo: "What happened, and what to do",
  exchanged: (n: number) =>
    n === 1 ? "A file of the record was taken away or exchanged while Calltrail was running." : `Files of the record were taken away or exchanged ${n} times while Calltrail was running.`,
  exchangedHelp: "Nothing is lost: everything was written again from what was still open, and callbacks are kept. Something works in Calltrail's folder that should not.",
  backupFailed: (why: string) => `The daily backup could not be made: ${why}`,
  backupGo: "Backups",
} as const;

export const damage = {
  none: "Nothing was damaged",
  noneHelp: "When a file of the record cannot be read correctly any more, or is taken away or exchanged while it is in use, Calltrail keeps callbacks all the same, and tells here what it could save.",
  when: (time: string) => `Put aside ${time}`,
  what: "What happened",
  whatBody:
    "The file that held the archive could not be read correctly any more. A failing disk does that, a power cut on hardware that does not keep what it promised, or another program that writes into the file. Calltrail put the file aside and began a new one, so that callbacks went on being kept.",
  wentAway: (time: string) => `Taken away ${time}`,
  wentAwayBody:
    "A file of the record was deleted, moved or renamed while Calltrail was using it. Calltrail still had it open, wrote all of it again into its folder, and refused callbacks for the moment that this took. Nothing that was kept before is missing.",
  exchanged: (time: string) => `Exchanged ${time}`,
  exchangedBody:
    "Another file was put in the place of a file of the record while Calltrail was using that. Calltrail still had its own open and wrote all of it again, refused callbacks for the moment that this took, and put the other file aside. Nothing that was kept before is missing, and what only the other file holds is brought over.",
  check: "What to check",
  checkBody:
    "Programs that synchronize or clean up folders do this, and so does a second computer that uses the same folder. Take Calltrail's folder out of them: its files are in use day and night and must not be copied back, moved or deleted. To have the record elsewhere, use backups.",
  found: "What was found",
  saved: "What was saved of it",
  savedOther: "What the other file held",
  saving: "What can be read of it is being brought over now. This page shows the result by itself.",
  savedNothing: "Nothing in the file could be read.",
  deliveries: (n: number) => `${count(n, "delivery was", "deliveries were")} read from it.`,
  fresh: (n: number) => (n === 0 ? "None of them was new: the record holds them already." : `${count(n, "of them was", "of them were")} not in the record, and ${n === 1 ? "is" : "are"} in it now.`),
  repeats: (n: number) => `${count(n, "repeat", "repeats")} that the record did not know of.`,
  quarantined: (n: number) => `${count(n, "delivery", "deliveries")} went into quarantine, as before.`,
  altered: (n: number) => `${count(n, "entry was", "entries were")} left out: the content is no longer what was received.`,
  unreadable: (n: number) => `${count(n, "place", "places")} in the file could not be read. How much was there is not known.`,
  whole: "All of the file could be read.",
  missing: "What is missing may be in a backup.",
  where: "Where the old file is",
  whereHelp: "It is kept as it was found, and Calltrail never deletes it.",
  copyPath: "Copy the folder's name",
  backup: "Backup",
  backupNone: "There is no backup to bring back. Calltrail makes one each day while it runs.",
  seen: "I have read this",
  seenHelp: "The banner goes; this page stays.",
  wasSeen: "Read",
} as const;

export const backups = {
  title: "Backups",
  help: "Calltrail copies the archive once a day while it runs, checks the copy, and keeps the newest three in the data folder.",
  none: "No backup yet. The first is made once there is something to keep.",
  now: "Back up now",
  making: "Copying and checking…",
  made: "The backup was made and checked.",
  restore: "Restore…",
  restoreLabel: (when: string) => `Restore the backup of ${when}`,
  ask: (when: string) => `Bring back everything that the backup of ${when} holds?`,
  union: "Deliveries that are in the backup and not in the record are added to the record. Nothing is replaced and nothing is removed, so it cannot lose anything; doing it again changes nothing.",
  bringBack: (when: string) => `Bring back what the backup of ${when} holds`,
  bringBackShort: "Bring back",
  restoring: "Bringing it back…",
  restored: (when: string) => `From the backup of ${when}:`,
  cancel: "Cancel",
  elsewhere: "A disk that fails takes these backups with it. This command makes a copy anywhere, also while Calltrail runs:",
  command: "calltrail backup FILE",
  commandLabel: "Command for a backup elsewhere",
  damage: "Damaged archives that were put aside",
} as const;

export const review = {
  lead: "Calls, rooms and stays follow from the deliveries in the archive. When a newer version understands more of them, reading the archive again shows what that would change, before anything does.",
  begin: "Read again",
  running: "Reading. Callbacks are kept meanwhile, and everything else can be used.",
  unchanged: "Every delivery is read as before. Nothing would change.",
  waits: "Calltrail would read part of the archive differently. Nothing has changed yet.",
  counts: {
    deliveries: (n: number) => `${count(n, "delivery is", "deliveries are")} read differently`,
    calls: (n: number) => `${count(n, "call changes, appears or goes", "calls change, appear or go")}`,
    rooms: (n: number) => `${count(n, "room changes, appears or goes", "rooms change, appear or go")}`,
    stays: (n: number) => `${count(n, "stay changes, appears or goes", "stays change, appear or go")}`,
  },
  accept: "Accept",
  acceptHelp: "The new reading takes the place of the old one. The archive itself is not touched.",
  decline: "Decline",
  declineHelp: "Everything stays as it is shown now.",
  accepted: "Accepted. The new reading is in use as soon as it has caught up.",
  declined: "Declined. Everything stays as it was.",
  gone: "It no longer waits.",
  examples: "Deliveries that are read differently",
  newest: (n: number) => `The newest ${grouped(n)} of them.`,
  columns: { received: "Received", command: "Command", before: "Now", after: "Then" },
  same: "as before; its time, call or room differs",
  unread: "not read",
  back: "To the deliveries",
} as const;
