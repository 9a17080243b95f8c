import { isAbort, Problem } from "../api/problem";

/** What came of a request. */
export type Outcome<Answer> = { answer: Answer; problem?: undefined } | { answer?: undefined; problem: Problem };

/** Of several requests one after another only the latest counts: it gives up the one before, whose answer nobody sees. */
export class Latest {
  #running: AbortController | undefined;

  /** True while the latest is not answered. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** What came of it; undefined where another one took its place, or it was given up. */
  async ask<Answer>(ask: (signal: AbortSignal) => Promise<Answer>): Promise<Outcome<Answer> | undefined> {
    this.giveUp();
    const mine = new AbortController();
    this.#running = mine;
    const outcome = await ended(() => ask(mine.signal));
    if (this.#running !== mine) return undefined;
    this.#running = undefined;
    return outcome;
  }

  giveUp(): void {
    this.#running?.abort();
    this.#running = undefined;
  }
}

async function ended<Answer>(ask: () => Promise<Answer>): Promise<Outcome<Answer> | undefined> {
  try {
    return { answer: await ask() };
  } catch (cause) {
    // The browser itself gives requests up when the page is left.
    return isAbort(cause) ? undefined : { problem: Problem.from(cause) };
  }
}
