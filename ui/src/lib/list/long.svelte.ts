import type { PageRequest } from "../api/client";
import { Problem } from "../api/problem";
import type { Days, Page } from "../api/types";
import { isoDate } from "../format/day";
import { changes } from "../live/changes.svelte";
import { Latest } from "../live/latest";
import { GAP_MS } from "../live/query.svelte";
import { Held, PAGE } from "./held";
import { Layout, shiftOf, withHead } from "./layout";

/** While somebody scrolls fast, rows are asked for at most this often, and those that were passed by are given up. */
const PASS_MS = 50;

/** Pages that are asked for at the same time: a browser has six connections, and the long poll holds one. */
const AT_ONCE = 3;

/** So many rows are asked for at once where only their keys are wanted. */
const MANY = 1_000;

/** What a long list asks, and how its rows are read. */
export interface Source<Request, Row> {
  rows: (request: Request, page: PageRequest, signal: AbortSignal) => Promise<Page<Row>>;
  /** How many rows each of the viewer's days has. */
  days: (request: Request, signal: AbortSignal) => Promise<Days>;
  key: (row: Row) => string;
  /** The moment by which the list is sorted, Unix milliseconds. */
  at: (row: Row) => number;
  /** What the rows at the end are called that have no such moment (`NO_DAY`). */
  never?: string;
}

/** A row that is kept sight of: the list says where it is while rows come in around it. */
export interface Spot {
  /** -1 where it is not known. */
  index: number;
  /** Not known while the row was not read. */
  key: string | undefined;
}

/**
 * A list of any length. How many rows each day has lays it out as a whole; rows are read where somebody looks, a page at a time,
 * and only a bounded number of them is kept. When the record changes, the days and what is looked at are asked again.
 */
export class LongList<Request, Row> {
  layout = $state.raw(new Layout([]));
  held = $state.raw(new Held<Row>());
  /** How many rows the request finds in all; undefined while that is not known. */
  total = $state<number>();
  /** Changes when the rows of another request are shown. */
  shown = $state(0);
  /** True while the rows of an earlier request are still on screen. */
  stale = $state(false);
  /** True where the newest request was answered, and finds nothing. */
  readonly empty = $derived.by(() => this.shown > 0 && !this.stale && this.layout.rows === 0);
  readonly problem = $derived.by(() => this.#rowsProblem ?? this.#daysProblem);

  #rowsProblem = $state.raw<Problem>();
  #daysProblem = $state.raw<Problem>();
  #source: Source<Request, Row>;
  #request: Request | undefined;
  #spots = new Set<Spot>();
  #visible = { first: 0, last: 0 };

  #counted: Days | undefined;
  #counting = new Latest();
  #reading = new Map<number, Latest>();
  /** Pages that could not be read; they are not asked for again before something changes. */
  #failed = new Set<number>();
  #askedAt = -Infinity;
  #again: ReturnType<typeof setTimeout> | undefined;
  #passedAt = -Infinity;
  #passing: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source<Request, Row>) {
    this.#source = source;
  }

  get never(): string | undefined {
    return this.#source.never;
  }

  /** Lists something else, from its newest rows on. */
  want(request: Request): void {
    this.#giveUp();
    this.#request = request;
    this.#visible = { first: 0, last: 0 };
    this.#counted = undefined;
    this.stale = true;
    this.#rowsProblem = this.#daysProblem = undefined;
    this.#askedAt = performance.now();
    void this.#count(() => this.#lay());
    void this.#read(0);
  }

  /** Which rows can be seen; reads them where they were not, and then those around them. */
  look(first: number, last: number): void {
    if (this.stale) return;
    this.#visible = { first, last };
    if (this.#passing !== undefined) return;
    const wait = this.#passedAt + PASS_MS - performance.now();
    if (wait <= 0) return this.#fill();
    this.#passing = setTimeout(() => {
      this.#passing = undefined;
      this.#fill();
    }, wait);
  }

  /** The keys of these rows, also of those that nobody has looked at. They are not kept. */
  async keys(from: number, to: number, signal: AbortSignal): Promise<string[]> {
    const held = Array.from({ length: Math.max(0, to - from) }, (_, i) => this.held.key(from + i));
    if (held.every((key) => key !== undefined)) return held;
    const keys: string[] = [];
    for (let at = from; at < to; at += MANY) {
      const { rows, next } = await this.#source.rows(this.#wanted(), { at, limit: Math.min(MANY, to - at) }, signal);
      keys.push(...rows.map(this.#source.key));
      if (next === null) break;
    }
    return keys;
  }

  /** Keeps sight of a row until the returned function is called. */
  keep(spot: Spot): () => void {
    this.#spots.add(spot);
    return () => this.#spots.delete(spot);
  }

  /** The record changed: asks for what is on screen again, soon, but not more often than every half second. */
  changed(): void {
    if (this.#request === undefined || this.#again !== undefined) return;
    // A slow answer is waited for: giving it up would leave a busy record unanswered for ever.
    const busy = this.#counting.busy || this.#reading.size > 0;
    const wait = Math.max(busy ? GAP_MS / 5 : 0, this.#askedAt + GAP_MS - performance.now());
    this.#again = setTimeout(() => {
      this.#again = undefined;
      if (this.#counting.busy || this.#reading.size > 0) return this.changed();
      this.#refresh();
    }, wait);
  }

  /** Asks once more after a failure. */
  retry(): void {
    if (this.#request !== undefined) this.#refresh();
  }

  follow(): () => void {
    const leave = changes.follow(() => this.changed());
    return () => {
      leave();
      this.#giveUp();
    };
  }

  /**
   * At the top new rows are wanted as soon as they are there. Further down rows keep their place on the screen, so the days are
   * counted first: they tell by how much everything has moved.
   */
  #refresh(): void {
    if (this.stale) return this.want(this.#wanted());
    this.#askedAt = performance.now();
    this.#rowsProblem = this.#daysProblem = undefined;
    const atTop = this.#visible.first === 0;
    const before = this.layout;
    const renew = () => {
      this.#stopReading();
      this.held = this.held.aged();
    };
    if (atTop) renew();
    void this.#count(() => {
      if (!atTop) renew();
      this.#lay();
      const by = (row: number) => shiftOf(before, this.layout, row);
      this.held = this.held.moved(by);
      for (const spot of this.#spots) if (spot.index >= 0) spot.index += by(spot.index);
      const { first, last } = this.#visible;
      if (!atTop) this.#visible = { first: first + by(first), last: last + by(last) };
      this.#find();
      this.#fill();
    });
    if (atTop) this.#fill();
  }

  /** Counts the days. `then` is called also where that fails: rows are shown as well as is known. */
  async #count(then: () => void): Promise<void> {
    const outcome = await this.#counting.ask((signal) => this.#source.days(this.#wanted(), signal));
    if (outcome === undefined) return;
    this.#daysProblem = outcome.problem;
    this.#counted = outcome.answer ?? this.#counted;
    then();
  }

  /** Asks for what is seen, else for what is around it, and gives up the rest. */
  #fill(): void {
    if (this.#request === undefined || this.stale) return;
    const { first, last } = this.#visible;
    const seen = pages(first, last, this.layout.rows);
    const around = pages(first - PAGE / 2, last + PAGE / 2, this.layout.rows);
    for (const [at, one] of this.#reading) {
      if (around.includes(at)) continue;
      one.giveUp();
      this.#reading.delete(at);
    }
    const missing = (one: number) => !this.held.has(one) && !this.#failed.has(one);
    const wanted = seen.some(missing) ? seen : around;
    for (const at of wanted.filter(missing)) if (!this.#reading.has(at) && this.#reading.size < AT_ONCE) void this.#read(at);
  }

  async #read(at: number): Promise<void> {
    const mine = new Latest();
    this.#reading.set(at, mine);
    this.#passedAt = performance.now();
    const outcome = await mine.ask((signal) => this.#source.rows(this.#wanted(), { at, limit: PAGE }, signal));
    if (outcome === undefined) return;
    this.#rowsProblem = outcome.problem;
    if (outcome.problem === undefined) this.#take(at, outcome.answer);
    else this.#failed.add(at);
    this.#reading.delete(at);
    this.#fill();
  }

  #take(at: number, page: Page<Row>): void {
    const first = this.stale;
    const held = first ? new Held<Row>() : this.held;
    this.held = held.with(at, page.rows, this.#source.key, page.next === null, this.#visible);
    if (first) {
      this.stale = false;
      this.shown += 1;
      // Places of another list say nothing here; a row that is in this one too is found when it is read.
      for (const spot of this.#spots) spot.index = -1;
    }
    if (at === 0) this.#lay();
    this.#find();
  }

  /** Lays the list out from the days, and from the newest rows where these are known. */
  #lay(): void {
    if (this.stale) return;
    const head = this.held.head();
    const days = this.#counted?.days ?? [];
    this.total = this.#counted?.total;
    this.layout = new Layout(
      head
        ? withHead(
            days,
            head.rows.map((row) => isoDate(this.#source.at(row))),
            head.last,
          )
        : days,
    );
  }

  /** Looks for the rows that are kept sight of. */
  #find(): void {
    for (const spot of this.#spots) {
      if (spot.key === undefined) spot.key = this.held.key(spot.index);
      else spot.index = this.held.find(spot.key) ?? spot.index;
    }
  }

  #wanted(): Request {
    if (this.#request === undefined) throw new Problem("", "Nothing is listed.");
    return this.#request;
  }

  #stopReading(): void {
    for (const one of this.#reading.values()) one.giveUp();
    this.#reading.clear();
    this.#failed.clear();
  }

  #giveUp(): void {
    clearTimeout(this.#again);
    clearTimeout(this.#passing);
    this.#again = this.#passing = undefined;
    this.#stopReading();
    this.#counting.giveUp();
  }
}

/** Where the pages begin that hold these rows. */
function pages(first: number, last: number, rows: number): number[] {
  const begin = Math.max(0, Math.floor(first / PAGE) * PAGE);
  const end = Math.min(last, rows - 1);
  const out: number[] = [];
  for (let at = begin; at <= end || out.length === 0; at += PAGE) out.push(at);
  return out;
}
