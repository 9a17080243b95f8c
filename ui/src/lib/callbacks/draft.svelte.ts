import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Applied, Plan, Product, Wanted } from "../api/types";
import { Latest } from "../live/latest";
import { possible, unagreed } from "./situation";

/** Several boxes ticked one after another are one question. */
const SETTLE_MS = 250;

/** What somebody is about to have changed at Tencent: the wish, what it would change, what was agreed to, and what came of it. */
export class Draft {
  wanted = $state.raw<Wanted>();
  /** The callbacks that are chosen, where it is a choice of callbacks. */
  chosen = $state.raw<readonly string[]>();
  plan = $state.raw<Plan>();
  planning = $state(false);
  agreed = $state.raw<ReadonlySet<string>>(new Set());
  /** The address that is taken over gets these callbacks from here, wherever it is. Nobody but a person decides that. */
  keep = $state(false);
  keepPrivate = $state(false);
  applying = $state(false);
  applied = $state.raw<Applied>();
  problem = $state.raw<Problem>();
  /** Somebody else changed it between the plan and its application. */
  overtaken = $state(false);

  #app: string;
  #product: Product;
  #comparison = new Latest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: string, product: Product) {
    this.#app = app;
    this.#product = product;
  }

  get ready(): boolean {
    const { plan } = this;
    if (plan === undefined || this.planning || this.applying) return false;
    return possible(plan) && unagreed(plan, this.settled).length === 0 && !(this.keeps && plan.keep?.private === true && !this.keepPrivate);
  }

  /** The address that is taken over gets these callbacks from here from now on. */
  get keeps(): boolean {
    return this.keep && this.plan?.keep?.is_target === false;
  }

  /** What was agreed to, and what need not be, because the address that is taken over goes on getting its callbacks. */
  get settled(): ReadonlySet<string> {
    return this.keeps || this.plan?.keep?.is_target === true ? new Set([...this.agreed, "other_url"]) : this.agreed;
  }

  /** Chooses these callbacks; none of them is the wish that nothing is sent. */
  choose(words: readonly string[]): void {
    this.#want(words.length === 0 ? { to: "nothing" } : { to: "actions", actions: [...words] }, words);
  }

  stopSending(): void {
    this.#want({ to: "nothing" });
  }

  restore(change: number): void {
    this.#want({ to: "restore", change });
  }

  /** What Tencent has now is right, whoever made it: nothing is changed there, so there is nothing to compare. */
  async accept(): Promise<Applied | undefined> {
    this.forget();
    this.applied = undefined;
    this.applying = true;
    const wanted: Wanted = { to: "as_is" };
    try {
      const { seen } = await api.planCallbacks(this.#app, this.#product, wanted);
      this.applied = await api.applyCallbacks(this.#app, this.#product, { wanted, seen, agreed: [] });
      return this.applied;
    } catch (cause) {
      this.problem = Problem.from(cause);
      return undefined;
    } finally {
      this.applying = false;
    }
  }

  /** Forgets the wish; nothing was changed by it. */
  forget(): void {
    this.#giveUp();
    this.wanted = this.chosen = this.plan = this.problem = undefined;
    this.agreed = new Set();
    this.keep = this.keepPrivate = this.overtaken = false;
  }

  dismiss(): void {
    this.applied = undefined;
  }

  agree(code: string, yes: boolean): void {
    const next = new Set(this.agreed);
    if (yes) next.add(code);
    else next.delete(code);
    this.agreed = next;
  }

  /** Compares again, after something that a plan depends on was changed here. */
  compare(): void {
    if (this.wanted !== undefined) void this.#compare();
  }

  /** Has Tencent told; true when it was. */
  async apply(): Promise<Applied | undefined> {
    const { wanted, plan } = this;
    if (!this.ready || wanted === undefined || plan === undefined) return undefined;
    this.applying = true;
    this.problem = undefined;
    try {
      const keep_sending = this.keeps ? { private: this.keepPrivate } : undefined;
      const applied = await api.applyCallbacks(this.#app, this.#product, { wanted, seen: plan.seen, agreed: [...this.settled], keep_sending });
      this.forget();
      this.applied = applied;
      return applied;
    } catch (cause) {
      const problem = Problem.from(cause);
      if (problem.code === "changed") {
        this.agreed = new Set();
        this.keep = this.keepPrivate = false;
        this.overtaken = true;
        void this.#compare();
      } else this.problem = problem;
      return undefined;
    } finally {
      this.applying = false;
    }
  }

  /** Gives up what is being asked: for the end of the screen. */
  leave(): void {
    this.#giveUp();
  }

  #want(wanted: Wanted, chosen?: readonly string[]): void {
    this.#giveUp();
    this.applied = undefined;
    this.wanted = wanted;
    this.chosen = chosen;
    // What was agreed to was agreed to for another difference.
    this.agreed = new Set();
    this.overtaken = false;
    this.planning = true;
    this.#timer = setTimeout(() => void this.#compare(), SETTLE_MS);
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#comparison.giveUp();
    this.planning = false;
  }

  async #compare(): Promise<void> {
    const { wanted } = this;
    if (wanted === undefined) return;
    this.#giveUp();
    this.planning = true;
    const outcome = await this.#comparison.ask((signal) => api.planCallbacks(this.#app, this.#product, wanted, signal));
    if (outcome === undefined) return;
    this.plan = outcome.answer;
    this.problem = outcome.problem;
    this.planning = false;
  }
}
