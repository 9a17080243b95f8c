import { untrack } from "svelte";

import type { LongList, Spot } from "./long.svelte";
import type { Viewport } from "./viewport.svelte";

/** What a marker needs to know of its list. */
export interface Marked<Request, Row> {
  list: LongList<Request, Row>;
  /** The key of the row that is marked, as its owner has it. */
  selected: string | undefined;
  onselect: (key: string) => void;
  onopen: (key: string) => void;
}

/**
 * The row that the keyboard is at. A row that was not read yet has its place, and is told and opened as soon as it is there.
 * It is made while a component is set up.
 */
export class Marker<Request, Row> {
  #mark = $state<Spot>();
  /** True when Enter was pressed on a row that is not there yet. */
  #opening = false;
  #viewport: Viewport<Request, Row>;
  #of: () => Marked<Request, Row>;

  constructor(viewport: Viewport<Request, Row>, of: () => Marked<Request, Row>) {
    this.#viewport = viewport;
    this.#of = of;
    $effect(() => {
      const key = of().selected;
      untrack(() => {
        if (key !== this.#mark?.key) this.#mark = key === undefined ? undefined : { index: of().list.held.find(key) ?? -1, key };
      });
    });
    $effect(() => this.#mark && of().list.keep(this.#mark));
    // Who is marked is told once the row is there, which may be later than the key was pressed.
    $effect(() => {
      const key = this.#mark?.key;
      if (key !== undefined) untrack(() => this.#tell(key));
    });
  }

  /** The place of the row that is marked; undefined where none is, or where it is not known. */
  get index(): number | undefined {
    return this.#mark === undefined || this.#mark.index < 0 ? undefined : this.#mark.index;
  }

  /** A row that is no longer in the list leaves its mark to none of the others. */
  isAt(index: number): boolean {
    if (this.#mark === undefined || this.#mark.index !== index) return false;
    const key = this.#of().list.held.key(index);
    return key === undefined || this.#mark.key === undefined || key === this.#mark.key;
  }

  /** Marks a row, wherever it is. */
  choose(row: number): void {
    this.#opening = false;
    this.#mark = { index: row, key: this.#of().list.held.key(row) };
    this.#viewport.reveal(row);
  }

  /** Arrows or j and k, Page, Home and End move, Enter and the space bar open. */
  key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view, line, layout } = this.#viewport;
    const page = Math.max(1, Math.floor(view / line) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (Number.isFinite(step)) this.#move(step);
      else if (layout.rows > 0) this.choose(step < 0 ? 0 : layout.rows - 1);
    } else if ((event.key === "Enter" || event.key === " ") && this.#mark) {
      event.preventDefault();
      if (this.#mark.key === undefined) this.#opening = this.#mark.index >= 0;
      else this.#of().onopen(this.#mark.key);
    }
  }

  /** Marks the row `step` rows further. */
  #move(step: number): void {
    const { layout, line, place } = this.#viewport;
    if (layout.rows === 0) return;
    const here = this.#mark && this.#mark.index >= 0 ? this.#mark.index : undefined;
    // Without a mark the first one is what is seen first.
    const next = here === undefined ? layout.rowFrom(Math.floor(place.top / line)) : here + step;
    this.choose(Math.min(Math.max(0, next), layout.rows - 1));
  }

  #tell(key: string): void {
    const { selected, onselect, onopen } = this.#of();
    if (key !== selected) onselect(key);
    if (this.#opening) onopen(key);
    this.#opening = false;
  }
}
