import { SvelteMap } from "svelte/reactivity";

import type { Completeness, DayStatement } from "../api/types";
import { dayStart } from "../format/day";

/** Days that are passed by are not asked for. */
const REST_MS = 400;
/** What is shown is asked again this often: the day that goes on gets calls, and records are read. */
const AGAIN_MS = 60_000;

/** What is asked of a period, both ends Unix milliseconds. */
export type AskPeriod = (period: { from: number; to: number; app?: string }, signal: AbortSignal) => Promise<Completeness>;

/**
 * How complete the days are that a list shows. They are asked for beside the list and after it: nothing waits for them, and where
 * they cannot be had the list has no marks. It is made while a component is set up.
 */
export class DayMarks {
  #known = new SvelteMap<string, DayStatement>();
  #ask: AskPeriod;
  #app: () => string | undefined;
  #wanted: { from: string; to: string } | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(ask: AskPeriod, app: () => string | undefined) {
    this.#ask = ask;
    this.#app = app;
    $effect(() => {
      void app();
      this.#known.clear();
      this.#soon();
    });
    $effect(() => {
      const timer = setInterval(() => void this.#send(), AGAIN_MS);
      return () => {
        clearInterval(timer);
        clearTimeout(this.#waiting);
        this.#asking?.abort();
      };
    });
  }

  /** What is known of a day. */
  of(day: string): DayStatement | undefined {
    return this.#known.get(day);
  }

  /** These days are seen, from the newest to the oldest. */
  show(newest: string, oldest: string): void {
    if (this.#wanted?.from === oldest && this.#wanted.to === newest) return;
    this.#wanted = { from: oldest, to: newest };
    if (!this.#known.has(newest) || !this.#known.has(oldest)) this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#send(), REST_MS);
  }

  async #send(): Promise<void> {
    const [from, to] = [dayStart(this.#wanted?.from ?? ""), dayStart(this.#wanted?.to ?? "", 1)];
    if (from === undefined || to === undefined || document.hidden) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const app = this.#app();
    try {
      const { days } = await this.#ask({ from, to, ...(app === undefined ? {} : { app }) }, asking.signal);
      if (asking.signal.aborted) return;
      for (const day of days) this.#known.set(day.day, day);
    } catch {
      // The list is right without it, and it is asked again.
    }
  }
}
