import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Catalogue, Product, ProductState, Subscriptions } from "../api/types";
import { LiveQuery } from "../live/query.svelte";

const key = (app: string, product: Product) => `${app} ${product}`;

/** What Tencent sends for every app, as it was last read, and asking it now. */
class Subscribed {
  #catalogue = new LiveQuery<object, Catalogue>((_, signal) => api.catalogue(signal));
  #list = new LiveQuery<object, Subscriptions>((_, signal) => api.callbacks(signal));
  #reading = $state.raw<ReadonlySet<string>>(new Set());
  /** Why the last question did not even reach Tencent. */
  problem = $state.raw<Problem>();

  get catalogue(): Catalogue | undefined {
    return this.#catalogue.answer;
  }

  get list(): Subscriptions | undefined {
    return this.#list.answer;
  }

  get listProblem(): Problem | undefined {
    return this.#list.problem ?? this.#catalogue.problem;
  }

  /** Begins to follow; the returned function ends it. */
  follow(): () => void {
    this.problem = undefined;
    this.reload();
    const leave = this.#list.follow();
    return () => {
      leave();
      this.#catalogue.stop();
    };
  }

  reload(): void {
    if (this.catalogue === undefined) this.#catalogue.want({});
    this.#list.want({});
  }

  reading(app: string, product: Product): boolean {
    return this.#reading.has(key(app, product));
  }

  /** Asks Tencent about one product. */
  async read(app: string, product: Product): Promise<void> {
    if (this.reading(app, product)) return;
    this.#reading = new Set(this.#reading).add(key(app, product));
    try {
      this.put(app, await api.readCallbacks(app, product));
      this.problem = undefined;
    } catch (cause) {
      this.problem = Problem.from(cause);
    }
    const rest = new Set(this.#reading);
    rest.delete(key(app, product));
    this.#reading = rest;
  }

  /** Shows what was just answered at once; the list itself is asked again behind it. */
  put(app: string, state: ProductState): void {
    const list = this.#list.answer;
    if (!list) return;
    this.#list.answer = {
      ...list,
      apps: list.apps.map((one) =>
        one.app === app ? { ...one, products: one.products.map((product) => (product.product === state.product ? state : product)) } : one,
      ),
    };
    this.#list.changed();
  }
}

export const subscribed = new Subscribed();
