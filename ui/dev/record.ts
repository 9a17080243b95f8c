import type { Backup, Condition, ReadAs, Review, SetAside } from "../src/lib/api/types";
import { NOW, type Seeded } from "./seed.ts";

const DAY = 86_400_000;
const WELL: Condition = {
  failing: null,
  locked: null,
  waiting: 0,
  turned_away: 0,
  rebuilding: null,
  rebuild_failed: null,
  review_waits: false,
  checking: false,
  backup_failed: null,
  clock: null,
  damaged: 0,
  exchanged: 0,
};

/** What can be wrong with a record, or going on with it, by name: `/api/mock/state?failing` shows it. */
const STATES: Record<string, Partial<Condition>> = {
  well: {},
  failing: { failing: { cause: "disk_full", why: "The database could not be used: database or disk is full" } },
  locked: {
    failing: { cause: "locked", why: "The database could not be used: database is locked" },
    locked: { by: { pid: 4711, program: "sqlitebrowser" } },
    waiting: 3,
  },
  "held-back": { waiting: 1 },
  "turned-away": { turned_away: 12 },
  filling: { rebuilding: { done: 12_300, total: 48_000, partial: true, for_review: false } },
  rebuilding: { rebuilding: { done: 31_000, total: 48_000, partial: false, for_review: false } },
  "rebuild-failed": { rebuild_failed: { cause: "disk_error", why: "The database could not be used: disk I/O error" } },
  checking: { checking: true },
  damaged: { damaged: 1 },
  saving: { damaged: 1, checking: true },
  exchanged: { damaged: 2, exchanged: 2 },
  "backup-failed": { backup_failed: { cause: "disk_full", why: "There is not enough room for a backup." } },
  clock: { clock: { off_seconds: -331_000_000, source: "senders", message: "" } },
  review: { review_waits: true },
  all: {
    failing: { cause: "disk_error", why: "The database could not be used: disk I/O error" },
    rebuilding: { done: 500, total: 48_000, partial: true, for_review: false },
    rebuild_failed: { cause: "disk_error", why: "The database could not be used: disk I/O error" },
    review_waits: true,
    checking: true,
    backup_failed: { cause: "other", why: "the data folder/backups: No such device (os error 19)" },
    damaged: 2,
  },
};

const name = (at: number) => `calltrail-${new Date(at).toISOString().slice(0, 19).replaceAll(":", "")}Z.db`;
const backup = (at_ms: number, bytes: number): Backup => ({ name: name(at_ms), at_ms, bytes });
const saved = { deliveries: 4_812, new: 4_809, repeats: 31, quarantined: 2, entries: 0, altered: 1, unreadable: 3 };

function setAside(state: string): SetAside[] {
  const why = "The database could not be used: database disk image is malformed";
  const older: SetAside = {
    name: "2026-03-06T03-19-06-000Z",
    at_ms: NOW - 200 * DAY,
    kind: "damaged",
    why: "the file is empty",
    saved: { deliveries: 0, new: 0, repeats: 0, quarantined: 0, entries: 0, altered: 0, unreadable: 1 },
    seen: true,
  };
  const newer: SetAside = {
    name: "2026-11-21T09-02-11-345Z",
    at_ms: NOW - 3_600_000,
    kind: "damaged",
    why,
    saved: state === "saving" ? null : saved,
    seen: false,
  };
  if (state === "exchanged") {
    const nothing = { deliveries: 0, new: 0, repeats: 0, quarantined: 0, entries: 0, altered: 0, unreadable: 0 };
    return [
      {
        ...newer,
        kind: "exchanged",
        why: "Another file was put in the place of calltrail.db while that was in use",
        saved: { ...nothing, deliveries: 4_812, new: 3 },
      },
      {
        ...newer,
        name: "2026-11-21T08-02-11-345Z",
        kind: "went_away",
        why: "The file calltrail.db was deleted, moved or renamed while it was in use",
        saved: nothing,
      },
    ];
  }
  return ["damaged", "saving", "all"].includes(state) ? [newer, older] : [];
}

function review(seed: Seeded): Review {
  const told: readonly (readonly [ReadAs, ReadAs])[] = [
    [
      { verdict: "unknown_command", reason: { code: "unknown_command", command: "Call.CallbackAfterTeleport" } },
      { verdict: "applied", reason: null },
    ],
    [
      { verdict: "unparsable", reason: { code: "not_json", why: "expected value at line 1 column 48" } },
      { verdict: "repaired", reason: { code: "repaired", defects: ["punctuation"] } },
    ],
    [
      { verdict: "applied", reason: null },
      { verdict: "applied", reason: null },
    ],
  ];
  const examples = seed.deliveries.slice(0, 12).map(({ delivery }, i) => {
    const [before, after] = told[i % told.length]!;
    return { digest: delivery.digest, received_ms: delivery.received_ms, command: delivery.command, before, after };
  });
  return { deliveries: 214, calls: 38, rooms: 0, stays: 5, examples };
}

/** The record's own addresses, answered from a state that a test chooses. */
export class MockRecord {
  #condition: Condition = WELL;
  #backups = [backup(NOW - 5 * 3_600_000, 41_943_040), backup(NOW - DAY - 5 * 3_600_000, 40_894_464), backup(NOW - 2 * DAY - 5 * 3_600_000, 1_288_490_188)];
  #damage: SetAside[] = [];
  #change: () => void;
  #seed: Seeded;

  constructor(state: string, seed: Seeded, change: () => void) {
    this.#seed = seed;
    this.#change = change;
    this.show(state);
  }

  show(state: string): object {
    this.#condition = { ...WELL, ...(STATES[state] ?? {}) };
    this.#damage = setAside(state);
    this.#change();
    return this.#condition;
  }

  /** `undefined`: it is not one of the record's addresses. */
  async answer(method: string, address: string, body: string): Promise<unknown> {
    switch (`${method} ${address}`) {
      case "GET condition":
        return this.#condition;
      case "GET backups":
        return this.#backups;
      case "GET damage":
        return this.#damage;
      case "GET review":
        return { review: this.#condition.review_waits ? review(this.#seed) : null };
      case "POST backups":
        await new Promise((resolve) => setTimeout(resolve, 300));
        this.#backups = [backup(Date.now(), 42_991_616), ...this.#backups].slice(0, 3);
        return this.#backups[0];
      case "POST backups/restore":
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { ...saved, new: 3, altered: 0, unreadable: 0 };
      case "POST damage/seen": {
        const { name } = JSON.parse(body) as { name: string };
        this.#damage = this.#damage.map((one) => (one.name === name ? { ...one, seen: true } : one));
        const unseen = this.#damage.filter((one) => !one.seen);
        this.#tell({ damaged: unseen.length, exchanged: unseen.filter((one) => one.kind !== "damaged").length });
        return { noted: true };
      }
      case "POST review":
        this.#tell({ rebuilding: { done: 0, total: 0, partial: false, for_review: true } });
        setTimeout(() => this.#tell({ rebuilding: { done: 700, total: 900, partial: false, for_review: true } }), 400);
        setTimeout(() => this.#tell({ rebuilding: null, review_waits: true }), 1_600);
        return { done: true };
      case "POST review/accept":
      case "POST review/decline":
        this.#tell({ review_waits: false });
        return { done: true };
      default:
        return undefined;
    }
  }

  #tell(change: Partial<Condition>): void {
    this.#condition = { ...this.#condition, ...change };
    this.#change();
  }
}
