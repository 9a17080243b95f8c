import { api } from "../api/client";
import type { Change, Product } from "../api/types";
import { LiveQuery } from "../live/query.svelte";
import { Draft } from "./draft.svelte";
import { subscribed } from "./subscriptions.svelte";

/** What can be done with one product of one app: asking Tencent about it, changing it, and looking back. */
export class ProductWork {
  readonly draft: Draft;

  #app: string;
  #product: Product;
  #history: LiveQuery<object, Change[]>;

  constructor(app: string, product: Product) {
    this.#app = app;
    this.#product = product;
    this.draft = new Draft(app, product);
    this.#history = new LiveQuery((_, signal) => api.callbackHistory(app, product, signal));
  }

  /** Newest first; undefined before the first answer. */
  get history(): Change[] | undefined {
    return this.#history.answer;
  }

  /** Tencent is being asked. */
  get reading(): boolean {
    return subscribed.reading(this.#app, this.#product);
  }

  /** Begins to follow; the returned function ends it. */
  follow(): () => void {
    this.#history.want({});
    const leave = this.#history.follow();
    return () => {
      leave();
      this.draft.leave();
    };
  }

  async read(): Promise<void> {
    await subscribed.read(this.#app, this.#product);
  }

  /** What Tencent has now is right. */
  async accept(): Promise<void> {
    const applied = await this.draft.accept();
    if (applied) this.#show(applied.state);
  }

  /** Has Tencent told what is drafted; true when it was. */
  async apply(): Promise<boolean> {
    const applied = await this.draft.apply();
    if (applied) this.#show(applied.state);
    else if (this.draft.overtaken) void this.read();
    return applied !== undefined;
  }

  #show(state: Parameters<typeof subscribed.put>[1]): void {
    subscribed.put(this.#app, state);
    this.#history.want({});
  }
}
