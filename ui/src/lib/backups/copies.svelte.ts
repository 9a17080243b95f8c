import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Backup, Saved } from "../api/types";
import { LiveQuery } from "../live/query.svelte";
import { shell } from "../shell.svelte";

/** The rolling backups, and what is being done with them: it goes on while another screen is shown. */
export class Copies {
  /** What is going on; a backup's name while that is brought back. */
  busy = $state<"making" | { name: string }>();
  /** The backup that was made last. */
  made = $state.raw<Backup>();
  /** What was brought back last, and from which backup. */
  restored = $state.raw<{ from: Backup; saved: Saved }>();
  problem = $state.raw<Problem>();

  #list = new LiveQuery<object, Backup[]>((_, signal) => api.backups(signal));

  /** Newest first; undefined before the first answer. */
  get list(): Backup[] | undefined {
    return this.#list.answer;
  }

  get listProblem(): Problem | undefined {
    return this.#list.problem;
  }

  /** Begins to follow; the returned function ends it. */
  follow(): () => void {
    this.#list.want({});
    return this.#list.follow();
  }

  async make(): Promise<void> {
    await this.#alone("making", async () => {
      this.made = await api.makeBackup();
    });
  }

  async restore(backup: Backup): Promise<void> {
    await this.#alone({ name: backup.name }, async () => {
      this.restored = { from: backup, saved: await api.restoreBackup(backup.name) };
    });
  }

  async #alone(what: NonNullable<Copies["busy"]>, work: () => Promise<void>): Promise<void> {
    if (this.busy !== undefined) return;
    this.busy = what;
    this.made = this.restored = this.problem = undefined;
    try {
      await work();
    } catch (cause) {
      this.problem = Problem.from(cause);
    }
    this.busy = undefined;
    this.#list.changed();
    shell.reload();
  }
}

export const copies = new Copies();
