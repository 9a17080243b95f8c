import { api } from "../api/client";
import type { CaseFigures } from "../api/cases";
import type { EntryRow, PersonDetail } from "../api/types";
import type { Problem } from "../api/problem";
import { LiveQuery } from "../live/query.svelte";
import { sameOrNew } from "../live/same.svelte";

/** So much of the history of an id is shown. */
const HISTORY = 100;

/** Somebody, and what was written of them. It is made while a component is set up, and follows the record as long as that is there. */
export class ShownPerson {
  #wanted: () => string | undefined;
  #detail = new LiveQuery<string, PersonDetail>(api.person);
  #cases = new LiveQuery<string, CaseFigures>((person, signal) => api.caseFigures({ person }, signal));
  #history = new LiveQuery<string[], EntryRow[]>(async (ids, signal) => {
    const each = await Promise.all(ids.map((user) => api.entries(["user", user], HISTORY, signal)));
    return each.flat().sort((a, b) => b.at_ms - a.at_ms);
  });

  /** `wanted` is any of the person's ids. */
  constructor(wanted: () => string | undefined) {
    this.#wanted = wanted;
    const user = sameOrNew(() => this.detail?.person.user);
    const users = sameOrNew(() => this.detail?.person.users);
    $effect(() => this.#detail.want(wanted()));
    $effect(() => this.#detail.follow());
    $effect(() => this.#cases.want(user.value));
    $effect(() => this.#cases.follow());
    $effect(() => this.#history.want(users.value));
    $effect(() => this.#history.follow());
  }

  /** Of whoever is wanted: what was answered of somebody else before is not shown. */
  get detail(): PersonDetail | undefined {
    const [wanted, answer] = [this.#wanted(), this.#detail.answer];
    return wanted !== undefined && answer?.person.users.includes(wanted) ? answer : undefined;
  }

  get problem(): Problem | undefined {
    return this.#detail.problem;
  }

  /** How many cases of follow-up there are of them, once that is known. */
  get cases(): CaseFigures | undefined {
    return this.#cases.of === this.detail?.person.user ? this.#cases.answer : undefined;
  }

  /** What was written of them, newest first. */
  get history(): readonly EntryRow[] {
    return this.#history.answer ?? [];
  }
}
