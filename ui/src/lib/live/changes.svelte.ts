import { api } from "../api/client";
import { Problem } from "../api/problem";

/** How often what depends on the clock (ringing, in progress) is asked again without any change. */
const CLOCK_MS = 60_000;
/** How often a page in the background looks; it holds no connection open, because a browser has only six of them per address. */
const BACKGROUND_MS = 5_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000];

type Listener = () => void;

/** Whether the page holds what would be lost with it: a text that is being written, or a question that is open. */
const isInUse = () => document.querySelector("dialog[open]") !== null || [...document.querySelectorAll("textarea")].some((field) => field.value !== "");

/** The one long poll of this page: tells everybody who follows that the record has changed. */
class Changes {
  /** Since when Calltrail does not answer, Unix milliseconds. */
  lostSince = $state<number>();
  problem = $state.raw<Problem>();

  #listeners = new Set<Listener>();
  #epoch = "";
  #revision = 0;
  #started = false;
  #wake: (() => void) | undefined;

  follow(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to ask; a second call does nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    setInterval(() => this.#tell(), CLOCK_MS);
    document.addEventListener("visibilitychange", () => this.#wake?.());
    void this.#poll();
  }

  async #poll(): Promise<never> {
    for (let failures = 0; ;) {
      // An epoch that nobody has is answered at once: in the background, and to find out that Calltrail is back.
      const hold = !document.hidden && failures === 0;
      try {
        const now = await api.changes(this.#revision, hold ? this.#epoch : "", AbortSignal.timeout(40_000), isInUse());
        const first = this.#epoch === "";
        const news = now.epoch !== this.#epoch || now.revision !== this.#revision;
        this.#epoch = now.epoch;
        this.#revision = now.revision;
        if ((news && !first) || failures > 0) this.#tell();
        failures = 0;
        this.lostSince = this.problem = undefined;
        if (document.hidden) await this.#pause(BACKGROUND_MS);
      } catch (cause) {
        this.problem = Problem.from(cause);
        this.lostSince ??= Date.now();
        await this.#pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 5_000);
        failures += 1;
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const changes = new Changes();
