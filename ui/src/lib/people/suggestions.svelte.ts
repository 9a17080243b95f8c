import { api } from "../api/client";
import type { PersonRow, TagRow, TeamRow } from "../api/types";
import { Latest } from "../live/latest";
import { LiveQuery } from "../live/query.svelte";
import { tagColours } from "../notes/colours.svelte";

/** So many people are offered at once. */
const MOST = 20;

/** What can be chosen where people, teams and tags are: asked while a screen that offers them is shown. */
class Suggestions {
  #teams = new LiveQuery<object, TeamRow[]>((_, signal) => api.teams(signal));
  #tags = new LiveQuery<object, TagRow[]>(async (_, signal) => {
    const tags = await api.tags(signal);
    tagColours.know(tags);
    return tags;
  });
  /** The people that what was typed last finds. */
  people = $state.raw<readonly PersonRow[]>([]);
  #finding = new Latest();
  /** People who were looked up by id. */
  #known = $state.raw<Readonly<Record<string, PersonRow | undefined>>>({});
  #asked = new Set<string>();

  get teams(): readonly TeamRow[] {
    return this.#teams.answer ?? [];
  }

  get tags(): readonly TagRow[] {
    return this.#tags.answer ?? [];
  }

  /** Begins to follow; the returned function ends it. */
  follow(): () => void {
    // Names may have changed since.
    this.#asked.clear();
    this.#teams.want({});
    this.#tags.want({});
    const leave = [this.#teams.follow(), this.#tags.follow()];
    return () => leave.forEach((one) => one());
  }

  /** Looks for people by name, id or team. */
  async find(typed: string): Promise<void> {
    const outcome = await this.#finding.ask((signal) => api.findPeople(typed, MOST, signal));
    if (outcome?.answer === undefined) return;
    this.people = outcome.answer;
    this.#know(outcome.answer);
  }

  /** Drops who was looked up: of a record that is no longer shown. */
  forget(): void {
    this.#known = {};
    this.people = [];
  }

  /** Who has this id, once that is known; it is asked for where it is not. */
  person(user: string): PersonRow | undefined {
    return this.#known[user];
  }

  /** Asks who has this id, once. */
  async lookUp(user: string): Promise<void> {
    if (user === "" || this.#asked.has(user)) return;
    this.#asked.add(user);
    // Nobody has to have it: the id is shown then.
    await api.person(user).then(
      ({ person }) => this.#know([person]),
      () => undefined,
    );
  }

  #know(people: readonly PersonRow[]): void {
    this.#known = { ...this.#known, ...Object.fromEntries(people.flatMap((one) => one.users.map((user) => [user, one]))) };
  }
}

export const suggestions = new Suggestions();
export type { Suggestions };
