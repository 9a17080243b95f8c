import { Latest } from "../live/latest";
import type { LongList, Spot } from "./long.svelte";

/**
 * Rows of a list that something is done with together: single ones and ranges by their keys, or all that its filter finds, however
 * many these are and whether they were read or not.
 */
export class Selection<Request, Row> {
  /** True where everything is selected that the filter finds. */
  all = $state(false);
  #keys = $state.raw<ReadonlySet<string>>(new Set());
  #list: LongList<Request, Row>;
  /** Where a range begins: the row that was selected last. */
  #anchor: Spot = { index: -1, key: undefined };
  /** What was selected before the range that is being drawn. */
  #before: ReadonlySet<string> = new Set();
  #reading = new Latest();

  constructor(list: LongList<Request, Row>) {
    this.#list = list;
    list.keep(this.#anchor);
  }

  get count(): number {
    return this.all ? (this.#list.total ?? 0) : this.#keys.size;
  }

  /** The keys of what is selected; those of everything are asked for. */
  async keys(signal: AbortSignal): Promise<string[]> {
    return this.all ? this.#list.keys(0, this.count, signal) : [...this.#keys];
  }

  has(key: string | undefined): boolean {
    return this.all || (key !== undefined && this.#keys.has(key));
  }

  /** Selects a row or gives it up. After everything was selected, a new selection begins with it. */
  toggle(key: string, index: number): void {
    const keys = new Set(this.all ? [] : this.#keys);
    if (!keys.delete(key)) keys.add(key);
    this.#set(keys);
    this.#before = keys;
    Object.assign(this.#anchor, { index, key });
  }

  /** Selects everything from the row that was selected last to this one, or from `start` where none was. */
  async range(index: number, start = index): Promise<void> {
    if (this.#anchor.index < 0 || this.count === 0) {
      Object.assign(this.#anchor, { index: start, key: this.#list.held.key(start) });
      this.#before = new Set();
    }
    const [from, to] = [Math.min(this.#anchor.index, index), Math.max(this.#anchor.index, index)];
    const outcome = await this.#reading.ask((signal) => this.#list.keys(from, to + 1, signal));
    if (outcome?.answer) this.#set(new Set([...this.#before, ...outcome.answer]));
  }

  selectAll(): void {
    this.#set(new Set());
    this.all = true;
  }

  clear(): void {
    this.#reading.giveUp();
    this.#set(new Set());
    this.#before = new Set();
    Object.assign(this.#anchor, { index: -1, key: undefined });
  }

  #set(keys: ReadonlySet<string>): void {
    this.all = false;
    this.#keys = keys;
  }
}
