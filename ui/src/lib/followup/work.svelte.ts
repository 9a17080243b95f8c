import type { CaseRow, CaseSet, Named } from "../api/cases";
import { callKey, readCallKey } from "../calls/key";
import { moment } from "../format/time";
import { isolated } from "../format/visible";
import type { Listing } from "../list/listing.svelte";
import { now } from "../live/now.svelte";
import { shortName } from "../people/naming";
import { writing } from "../people/writing.svelte";
import { route } from "../route.svelte";
import { text } from "../text";
import { isElsewhere, type Press, pressOf } from "./keys";
import type { OpenCase } from "./open.svelte";
import { asked, deedsIn, deedsOf, leaves, nextOf, reopening, reopeningIn, tabOf, writerOf } from "./worklist";

/** The list as it is seen: it takes the keyboard, and moves its mark. */
interface Rows {
  go: (row?: number) => void;
  move: (event: KeyboardEvent, stays?: boolean) => void;
}

/** Everything that is asked for by a key or a button: of the case that is open or marked, or of all that are selected. */
export class Work {
  /** A question that is open beside the case, such as until when it is put off. */
  asking = $state<Press>();
  /** The list, once it is there. */
  rows = $state.raw<Rows>();
  #busy = false;
  #listing: Listing<CaseRow>;
  #opened: OpenCase;
  #people: () => readonly Named[];

  readonly tab = $derived.by(() => tabOf(this.#listing.view.tab));
  readonly isMany = $derived.by(() => this.#listing.selection.count > 0);
  /** The case that is worked. */
  readonly current = $derived.by(() => this.#opened.shown?.case ?? this.#rowOf(this.#listing.selected));
  /** What brings it back among the open ones, or all that are selected. */
  readonly reopens = $derived.by(() => (this.isMany || this.current === undefined ? reopeningIn(this.tab) : reopening(this.current.state)));

  /** `people` are those to whom cases can be assigned, whoever writes here first. */
  constructor(listing: Listing<CaseRow>, opened: OpenCase, people: () => readonly Named[]) {
    this.#listing = listing;
    this.#opened = opened;
    this.#people = people;
  }

  ask = (press: Press | undefined): void => void (this.asking = press);

  /** Gives the keyboard to the list. */
  back = (): void => this.rows?.go();

  /** Writes it, one thing after the other. Answers whether it was kept. */
  set = async (set: CaseSet): Promise<boolean> => {
    if (this.#busy) return false;
    this.#busy = true;
    this.asking = undefined;
    return (this.isMany ? this.#setMany(set) : this.#setOne(set)).finally(() => (this.#busy = false));
  };

  /** A key was pressed somewhere in the window. */
  press = (event: KeyboardEvent): void => {
    const press = pressOf(event);
    if (press === undefined || this.#busy || isElsewhere(event.target)) return;
    if (press === "next" || press === "previous") return this.rows?.move(event);
    const deeds = this.isMany ? deedsIn(this.tab) : this.current ? deedsOf(this.current.state) : [];
    if (!deeds.includes(press === "reason" ? "done" : press)) return;
    event.preventDefault();
    if (press === "done") return void this.set({ state: "done" });
    if (press === "reopen") return void this.set(this.reopens);
    // What is asked is asked beside the case.
    if (!this.isMany && this.#listing.open === undefined && this.current) route.open(callKey(this.current));
    this.asking = press;
  };

  #rowOf(key: string | undefined): CaseRow | undefined {
    const { held } = this.#listing.list;
    return held.row(held.find(key ?? "") ?? -1);
  }

  /** Whether a case leaves the list with this. */
  #goes(set: CaseSet): boolean {
    return leaves(this.tab, set, this.#listing.view.assignee, this.#people()[0]?.id);
  }

  /** Goes on to the next case where this one leaves the list. */
  async #setOne(set: CaseSet): Promise<boolean> {
    const { current } = this;
    if (current === undefined) return false;
    const { list } = this.#listing;
    const key = callKey(current);
    const next = nextOf({ find: (one) => list.held.find(one), key: (row) => list.held.key(row) }, key);
    const { app, call_id } = current;
    if (!(await writing.setCases({ cases: [{ app, call_id }], set }, told(set, shortName(current))))) return false;
    // Somebody may have gone elsewhere meanwhile.
    if (this.#goes(set) && this.#listing.selected === key) {
      if (next === undefined && this.#listing.open === key) route.open(undefined);
      this.rows?.go(next === undefined ? undefined : list.held.find(next));
    }
    return true;
  }

  /** Everything that is selected goes by its filter: these may be cases that nobody has seen. */
  async #setMany(set: CaseSet): Promise<boolean> {
    const { selection, filter, open } = this.#listing;
    const { all, count } = selection;
    const keys = all ? [] : await selection.keys(AbortSignal.timeout(30_000));
    const which = all ? { filter: asked(filter), cases: [] } : { cases: keys.flatMap((key) => readCallKey(key) ?? []) };
    if (!(await writing.setCases({ ...which, set }, told(set, text.followUp.listed(count))))) return false;
    selection.clear();
    if (this.#goes(set) && open !== undefined && (all || keys.includes(open))) route.open(undefined);
    this.rows?.go();
    return true;
  }
}

/** What is said of a change. */
function told(set: CaseSet, what: string): string {
  const { done, reopened, putOff, assigned, unassigned, reason } = text.followUp.told;
  if (set.state === "done") return done(what);
  if (typeof set.until_ms === "number") return putOff(what, moment(set.until_ms, now.today));
  if (set.state === "open" || set.until_ms === null) return reopened(what);
  if (set.assignee !== undefined) return set.assignee === null ? unassigned(what) : assigned(what, isolated(writerOf(set.assignee)));
  return reason(what);
}
