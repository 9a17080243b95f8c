import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Backfill } from "../api/types";
import { LiveQuery } from "../live/query.svelte";

/** How often a run is looked at that is under way: the record tells only of its end. */
const LOOK_MS = 1_000;

/** Tencent's records of one app's calls, read by Calltrail. It is made while a screen is set up. */
export class RecordsOfApp {
  #query = new LiveQuery<string, Backfill>(api.backfill);
  #app: () => string | undefined;
  /** Why the last run did not even begin. */
  failed = $state.raw<Problem>();

  readonly running = $derived.by(() => this.#query.answer?.running ?? undefined);
  readonly last = $derived.by(() => this.#query.answer?.last ?? undefined);
  readonly busy = $derived.by(() => this.running !== undefined);

  /** `app` is the app whose records are shown; none where Tencent cannot be asked for it. */
  constructor(app: () => string | undefined) {
    this.#app = app;
    $effect(() => {
      this.failed = undefined;
      this.#query.want(app());
    });
    $effect(() => this.#query.follow());
    $effect(() => {
      if (!this.busy) return;
      const timer = setInterval(() => this.#query.changed(), LOOK_MS);
      return () => clearInterval(timer);
    });
  }

  /** Whether anything is known yet. */
  get known(): boolean {
    return this.#query.answer !== undefined;
  }

  read = (): Promise<void> => this.#act(api.startBackfill);
  cancel = (): Promise<void> => this.#act(api.cancelBackfill);

  async #act(ask: (app: string) => Promise<Backfill>): Promise<void> {
    const app = this.#app();
    if (app === undefined) return;
    this.failed = undefined;
    try {
      const answer = await ask(app);
      if (this.#app() === app) this.#query.answer = answer;
    } catch (cause) {
      this.failed = Problem.from(cause);
    }
  }
}
