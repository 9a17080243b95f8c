import type { Problem } from "../api/problem";
import { changes } from "./changes.svelte";
import { Latest } from "./latest";

/** A changed record is asked again at most this often. */
export const GAP_MS = 500;

/**
 * A question that stays answered: a request goes in, its answer comes out, and it is asked again when the record changes.
 * An answer to a request that is no longer wanted is dropped, and the request itself is given up.
 */
export class LiveQuery<Request, Answer> {
  /** The newest answer; it stays on screen while it is asked again. */
  answer = $state.raw<Answer>();
  /** What the newest answer answers. */
  of = $state.raw<Request>();
  problem = $state.raw<Problem>();
  asking = $state(false);

  #ask: (request: Request, signal: AbortSignal) => Promise<Answer>;
  #wanted: Request | undefined;
  #latest = new Latest();
  #askedAt = -Infinity;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (request: Request, signal: AbortSignal) => Promise<Answer>) {
    this.#ask = ask;
  }

  /** Asks something; whatever was asked before is given up. `undefined` asks nothing. */
  want(request: Request | undefined): void {
    this.stop();
    this.#wanted = request;
    if (request === undefined) {
      this.answer = this.of = this.problem = undefined;
      return;
    }
    void this.#send(request);
  }

  /** The record changed: asks the same again, soon, but not more often than every half second. */
  changed(): void {
    if (this.#wanted === undefined || this.#again !== undefined) return;
    const wait = Math.max(0, this.#askedAt + GAP_MS - performance.now());
    this.#again = setTimeout(() => {
      this.#again = undefined;
      // A slow answer is waited for: giving it up would leave a busy record unanswered for ever.
      if (this.#latest.busy) return this.changed();
      if (this.#wanted !== undefined) void this.#send(this.#wanted);
    }, wait);
  }

  /** Gives up what is being asked. */
  stop(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#latest.giveUp();
    this.asking = false;
  }

  /** Follows the record until the returned function is called: for `$effect(() => query.follow())`. */
  follow(): () => void {
    const leave = changes.follow(() => this.changed());
    return () => {
      leave();
      this.stop();
    };
  }

  async #send(request: Request): Promise<void> {
    this.#askedAt = performance.now();
    this.asking = true;
    const outcome = await this.#latest.ask((signal) => this.#ask(request, signal));
    if (outcome === undefined) return;
    this.asking = false;
    this.problem = outcome.problem;
    if (outcome.problem !== undefined) return;
    this.answer = outcome.answer;
    this.of = request;
  }
}
