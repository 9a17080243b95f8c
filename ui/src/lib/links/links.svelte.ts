import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { RefreshingLink, LinkPlan, LinksShown } from "../api/types";
import { LiveQuery } from "../live/query.svelte";

/** The links that refresh. It is made while a screen is set up. */
export class Links {
  #query = new LiveQuery<object, LinksShown>((_, signal) => api.links(signal));
  /** What stood in the way of what was last asked for. */
  failed = $state.raw<Problem>();

  readonly answer = $derived(this.#query.answer);
  readonly problem = $derived(this.#query.problem);

  constructor() {
    $effect(() => this.#query.want({}));
    $effect(() => this.#query.follow());
  }

  /** Adds one, or gives the one of a number another plan. What is wrong with it is thrown, for the form to say. */
  save = async (plan: LinkPlan, id: number | undefined): Promise<void> => {
    this.#query.answer = await (id === undefined ? api.addLink(plan) : api.replaceLink(id, plan));
  };
  remove = ({ id }: RefreshingLink): Promise<void> => this.#act(() => api.removeLink(id));
  renew = ({ id }: RefreshingLink): Promise<void> => this.#act(() => api.renewLink(id));
  switch = (on: boolean, port?: number): Promise<void> => this.#act(() => api.switchLinks(on, port));

  async #act(ask: () => Promise<LinksShown>): Promise<void> {
    this.failed = undefined;
    try {
      this.#query.answer = await ask();
    } catch (cause) {
      this.failed = Problem.from(cause);
    }
  }
}
