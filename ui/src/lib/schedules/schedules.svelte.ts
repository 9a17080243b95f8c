import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { ScheduledExport, ScheduledExports, SchedulePlan } from "../api/types";
import { LiveQuery } from "../live/query.svelte";

/** The exports that are made again and again. It is made while a screen is set up. */
export class Schedules {
  #query = new LiveQuery<object, ScheduledExports>((_, signal) => api.schedules(signal));
  /** What stood in the way of what was last asked for. */
  failed = $state.raw<Problem>();
  /** The number of the one that is exported just now. */
  running = $state<number>();

  readonly all = $derived(this.#query.answer?.schedules);
  readonly problem = $derived(this.#query.problem);

  constructor() {
    $effect(() => this.#query.want({}));
    $effect(() => this.#query.follow());
  }

  /** Adds one, or gives the one of a number another plan. What is wrong with it is thrown, for the form to say. */
  save = async (plan: SchedulePlan, id: number | undefined): Promise<void> => {
    this.#query.answer = await (id === undefined ? api.addSchedule(plan) : api.replaceSchedule(id, plan));
  };
  /** Asks for a folder in the system's own dialog; null where nobody chose one. */
  chooseFolder = async (): Promise<string | null> => (await api.chooseScheduleFolder()).folder ?? null;
  remove = ({ id }: ScheduledExport): Promise<void> => this.#act(() => api.removeSchedule(id));
  pause = ({ id }: ScheduledExport, paused: boolean): Promise<void> => this.#act(() => api.pauseSchedule(id, paused));
  run = async ({ id }: ScheduledExport): Promise<void> => {
    this.running = id;
    await this.#act(() => api.runSchedule(id));
    this.running = undefined;
  };

  async #act(ask: () => Promise<ScheduledExports>): Promise<void> {
    this.failed = undefined;
    try {
      this.#query.answer = await ask();
    } catch (cause) {
      this.failed = Problem.from(cause);
    }
  }
}
