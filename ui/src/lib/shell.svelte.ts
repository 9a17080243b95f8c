import { api } from "./api/client";
import type { App, Condition, Status } from "./api/types";
import { LiveQuery } from "./live/query.svelte";

/** What every screen needs to know: the status, how the record is doing, the apps, and how many callers wait. */
class Shell {
  #status = new LiveQuery<object, Status>((_, signal) => api.status(signal) as Promise<Status>);
  #apps = new LiveQuery<object, App[]>((_, signal) => api.apps(signal));

  #condition = new LiveQuery<object, Condition>((_, signal) => api.condition(signal));
  #openCases = new LiveQuery<object, number>((_, signal) => api.openCases(signal));

  get condition(): Condition | undefined {
    return this.#condition.answer;
  }

  get status(): Status | undefined {
    return this.#status.answer;
  }

  get apps(): App[] {
    return this.#apps.answer ?? [];
  }

  /** How many cases of follow-up are open. */
  get openCases(): number {
    return this.#openCases.answer ?? 0;
  }

  /** Why the status could not be read, while it never was. */
  get problem(): string | undefined {
    return this.status === undefined ? this.#status.problem?.message : undefined;
  }

  /** Begins to follow; the returned function ends it. */
  follow(): () => void {
    this.reload();
    const leave = [this.#status.follow(), this.#condition.follow(), this.#apps.follow(), this.#openCases.follow()];
    return () => leave.forEach((one) => one());
  }

  /** Asks at once, after something was changed here. */
  reload(): void {
    this.#status.want({});
    this.#condition.want({});
    this.#apps.want({});
    this.#openCases.want({});
  }
}

export const shell = new Shell();
