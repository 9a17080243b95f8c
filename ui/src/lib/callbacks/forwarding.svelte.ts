import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Filter, ForwardTarget, ForwardTargets } from "../api/types";
import { LiveQuery } from "../live/query.svelte";

/** The other addresses that get one app's callbacks from Calltrail. It is made while a screen is set up. */
export class Forwarding {
  #query = new LiveQuery<object, ForwardTargets>((_, signal) => api.forward(signal));
  #app: () => string | undefined;
  /** What stood in the way of what was last asked for. */
  failed = $state.raw<Problem>();
  /** How many callbacks wait because they were asked for again. */
  requeued = $state<number>();

  readonly targets = $derived.by(() => this.#query.answer?.targets.filter((target) => target.app === this.#app()));

  /** `app` is the app whose callbacks go there. */
  constructor(app: () => string | undefined) {
    this.#app = app;
    $effect(() => {
      app();
      this.failed = this.requeued = undefined;
    });
    $effect(() => this.#query.want({}));
    $effect(() => this.#query.follow());
  }

  /** Passes on to an address; false where that cannot be, and why is said. */
  add = (url: string, private_: boolean): Promise<boolean> => {
    const app = this.#app();
    return app === undefined ? Promise.resolve(false) : this.#act(() => api.addForward(app, url, private_));
  };
  remove = ({ id }: ForwardTarget): Promise<boolean> => this.#act(() => api.removeForward(id));
  pause = ({ id }: ForwardTarget, paused: boolean): Promise<boolean> => this.#act(() => api.pauseForward(id, paused));
  answers = ({ id }: ForwardTarget, answersBefore: boolean): Promise<boolean> => this.#act(() => api.answersForward(id, answersBefore));
  retry = ({ id }: ForwardTarget): Promise<boolean> =>
    this.#act(async () => {
      this.requeued = (await api.retryForward(id)).callbacks;
      return api.forward();
    });
  /** Sends again what was received in a period, or what of it a filter finds. What stands in the way is thrown, for the dialog to say. */
  replay = async ({ id }: ForwardTarget, fromMs: number, toMs: number, filter: Filter): Promise<void> => {
    this.failed = this.requeued = undefined;
    this.requeued = (await api.replayForward(id, fromMs, toMs, filter)).callbacks;
    this.#query.answer = await api.forward();
  };

  async #act(ask: () => Promise<ForwardTargets>): Promise<boolean> {
    this.failed = this.requeued = undefined;
    try {
      this.#query.answer = await ask();
      return true;
    } catch (cause) {
      this.failed = Problem.from(cause);
      return false;
    }
  }
}
