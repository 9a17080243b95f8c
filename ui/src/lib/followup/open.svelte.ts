import { api } from "../api/client";
import type { CaseDetail, CaseKey } from "../api/cases";
import type { CallRow, NoteRow } from "../api/types";
import { callKey, readCallKey } from "../calls/key";
import { LiveQuery } from "../live/query.svelte";
import { sameOrNew } from "../live/same.svelte";

/** So many calls with its person are shown beside a case. */
const CALLS = 20;

/** The case that is open, with what was written on its calls and the calls with its person. It is made while a screen is set up. */
export class OpenCase {
  #detail = new LiveQuery<CaseKey, CaseDetail>(api.case);
  #notes = new LiveQuery<CaseKey[], NoteRow[]>(async (calls, signal) => {
    const each = await Promise.all(calls.map((call) => api.call(call, signal)));
    return each.flatMap(({ notes }) => notes).sort((a, b) => a.at_ms - b.at_ms);
  });
  #calls = new LiveQuery<string, CallRow[]>(async (person, signal) => (await api.calls({ person }, { at: 0, limit: CALLS }, signal)).rows);

  #open: () => string | undefined;
  /** The case that is open. A newer miss gives it another key, and both are its. */
  readonly shown = $derived.by(() => {
    const { answer, of } = this.#detail;
    const open = this.#open();
    return answer && of && [callKey(of), callKey(answer.case)].includes(open ?? "") ? answer : undefined;
  });
  /** The calls that may have notes: of very many misses the newest is not among those that are told. */
  readonly #noted = sameOrNew(() => {
    if (this.shown === undefined) return undefined;
    const { case: row, misses } = this.shown;
    const noted = misses.filter(({ notes }) => notes > 0).map(({ app, call_id }) => ({ app, call_id }));
    return row.misses > misses.length ? [...noted, { app: row.app, call_id: row.call_id }] : noted;
  });
  readonly #user = sameOrNew(() => this.shown?.case.user);

  /** `open` is the key of any of its misses. */
  constructor(open: () => string | undefined) {
    this.#open = open;
    $effect(() => this.#detail.want(readCallKey(open() ?? "")));
    $effect(() => this.#detail.follow());
    $effect(() => this.#notes.want(this.#noted.value));
    $effect(() => this.#notes.follow());
    $effect(() => this.#calls.want(this.#user.value));
    $effect(() => this.#calls.follow());
  }

  get problem() {
    return this.#detail.problem;
  }

  get notes(): readonly NoteRow[] {
    return this.#notes.answer ?? [];
  }

  /** Nothing while they are asked for. */
  get calls(): readonly CallRow[] | undefined {
    return this.#calls.of === this.#user.value ? this.#calls.answer : undefined;
  }
}
