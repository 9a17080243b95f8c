import type { Backfill, SubscriptionError } from "../src/lib/api/types";
import { NOW } from "./seed.ts";

const DAY = 86_400_000;
/** How long a run takes, and how many records it reads in all. */
const TAKES_MS = 3_000;
const RECORDS = 1_284;

type Run = NonNullable<Backfill["last"]>;

/** Plays `/api/backfill`: runs that take a moment, can be stopped, and find the same records each time. */
export class MockBackfill {
  #began = new Map<string, number>();
  #last = new Map<string, Run>();
  #refused: () => SubscriptionError | null;

  /** `refused`: why Tencent does not answer at the moment. */
  constructor(refused: () => SubscriptionError | null) {
    this.#refused = refused;
  }

  #progress(began_ms: number, read: number, added: number) {
    return { began_ms, from_ms: began_ms - 7 * DAY, read, new: added };
  }

  #of(app: string): Backfill {
    const began = this.#began.get(app);
    const part = began === undefined ? 1 : Math.min(1, (Date.now() - began) / TAKES_MS);
    if (began !== undefined && part === 1) this.#end(app, began, RECORDS, false);
    const running = began === undefined || part === 1 ? null : this.#progress(began, Math.floor(RECORDS * part), 3);
    return { running, last: this.#last.get(app) ?? this.#first() };
  }

  #first(): Run {
    return { progress: this.#progress(NOW - 300_000, RECORDS, 2), ended_ms: NOW - 298_000, complete: true, canceled: false, problem: null, message: "" };
  }

  #end(app: string, began: number, read: number, canceled: boolean) {
    const problem = this.#refused();
    const run = { ended_ms: Date.now(), complete: !canceled && problem === null, canceled, problem, message: problem === null ? "" : "Tencent refused." };
    this.#last.set(app, { progress: this.#progress(began, problem === null ? read : 0, 0), ...run });
    this.#began.delete(app);
  }

  answer(method: string, name: string, query: URLSearchParams, body: string): Backfill | undefined {
    if (name !== "backfill" && name !== "backfill/cancel") return undefined;
    if (method === "GET") return this.#of(query.get("app") ?? "");
    const { app } = JSON.parse(body) as { app: string };
    const { running } = this.#of(app);
    if (name === "backfill/cancel" && running) this.#end(app, running.began_ms, running.read, true);
    else if (name === "backfill" && !running) this.#began.set(app, Date.now());
    return this.#of(app);
  }
}
