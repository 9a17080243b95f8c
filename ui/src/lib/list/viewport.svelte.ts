import { untrack } from "svelte";

import { dayStart } from "../format/day";
import { dayHeading } from "../format/time";
import { now } from "../live/now.svelte";
import { density } from "./density.svelte";
import type { LongList, Spot } from "./long.svelte";
import { NO_DAY } from "./layout";
import { type Place, Scale } from "./scale";

/** The height of the column heads. */
export const HEAD = 30;
/** Lines that are ready above and below what is seen. */
const MARGIN = 10;
/** The scrollbar is put where it belongs once the scrolling has rested for so long. */
const REST_MS = 150;
/** The date beside the thumb stays for so long after it came to rest. */
const DATE_MS = 900;

/**
 * What is seen of a long list. What somebody reads stays where it is on the screen when rows come in above it, and when rows become
 * higher; at the very top new rows are seen coming. It is made while a component is set up.
 */
export class Viewport<Request, Row> {
  /** What scrolls. */
  scroller = $state.raw<HTMLElement>();
  /** Of what scrolls, with the column heads. */
  height = $state(600);
  place = $state.raw<Place>({ top: 0, scroll: 0 });
  /** True while somebody moves through the list so fast that a date helps more than rows. */
  flying = $state(false);

  #list: () => LongList<Request, Row>;
  readonly line = $derived(density.line);
  readonly layout = $derived.by(() => this.#list().layout);
  readonly view = $derived(Math.max(0, this.height - HEAD));
  readonly scale = $derived(new Scale(this.layout.lines * this.line, this.view));
  readonly first = $derived(Math.max(0, Math.floor(this.place.top / this.line) - MARGIN));
  readonly last = $derived(Math.min(this.layout.lines, Math.ceil((this.place.top + this.view) / this.line) + MARGIN));
  /** Elements that leave at one end come in again at the other, so there are as many of them as fit. */
  readonly #slots = $derived(Math.ceil(this.view / this.line) + 2 * MARGIN + 2);
  readonly lines = $derived(
    Array.from({ length: Math.max(0, this.last - this.first) }, (_, i) => ({ slot: (this.first + i) % this.#slots, ...this.layout.at(this.first + i) })),
  );
  /** The day at the top of what is seen; -1 where there is none. */
  readonly day = $derived(this.layout.lines > 0 ? this.layout.at(Math.floor(this.place.top / this.line)).day : -1);

  /** The row at the top holds the list in its place. */
  #anchor: Spot = { index: 0, key: undefined };
  #offset = 0;
  #shown = 0;
  /** What the browser was told last. */
  #told = 0;
  /** True while the thumb of the scrollbar is held: nothing else is right of what the element shows. */
  #gripped = false;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #landing: ReturnType<typeof setTimeout> | undefined;

  constructor(list: () => LongList<Request, Row>) {
    this.#list = list;
    $effect(() => list().keep(this.#anchor));
    $effect.pre(() => this.#hold());
    $effect(() => {
      if (this.scroller === undefined || this.place.scroll === this.#told) return;
      this.scroller.scrollTop = this.place.scroll;
      this.#told = this.scroller.scrollTop;
    });
    $effect(() => {
      if (this.layout.rows === 0) return;
      const end = Math.min(this.layout.lines, Math.ceil((this.place.top + this.view) / this.line));
      const [from, to] = [this.layout.rowFrom(Math.floor(this.place.top / this.line)), this.layout.rowFrom(end - 1)];
      untrack(() => list().look(from, to));
    });
    $effect(() => () => [this.#resting, this.#landing].forEach(clearTimeout));
  }

  /** How a day is named, by its place in the layout. */
  heading(day: number): string {
    const { never } = this.#list();
    if (never !== undefined && this.layout.days[day]?.day === NO_DAY) return never;
    return dayHeading(dayStart(this.layout.days[day]?.day ?? "") ?? 0, now.today);
  }

  /** The element was scrolled. */
  scrolled(): void {
    if (this.scroller === undefined) return;
    this.#told = this.scroller.scrollTop;
    const before = this.place.top;
    this.#to(this.scale.scrolled(this.place, this.#told));
    this.#rest();
    if (this.#gripped || Math.abs(this.place.top - before) > this.view) this.#fly();
  }

  /** The scrollbar may have been gripped. */
  pressed(event: PointerEvent): void {
    this.#gripped = event.target === this.scroller && this.scroller !== undefined && event.offsetX >= this.scroller.clientWidth;
  }

  /** Whoever lets go of the thumb outside of the window is seen by the buttons. */
  passed(event: PointerEvent): void {
    this.#gripped &&= event.buttons !== 0;
  }

  /** Goes where a scrollbar would lead that stands here. */
  scrub(scroll: number): void {
    this.#to(this.scale.at(this.scale.topOf(scroll)));
    this.#fly();
  }

  /** Puts a row at the top; the first of a day below its name. */
  jump(row: number): void {
    this.#to(this.scale.at((this.layout.lineOf(row) - 1) * this.line));
  }

  /** Moves as little as is needed to show a row. */
  reveal(row: number): void {
    // The day stands on top of the first visible row.
    const y = this.layout.lineOf(row) * this.line;
    if (y - this.line < this.place.top) this.#to(this.scale.at(row === 0 ? 0 : y - this.line));
    else if (y + this.line > this.place.top + this.view) this.#to(this.scale.at(y + this.line - this.view));
  }

  /** Keeps what is read where it is when the list was laid out anew. */
  #hold(): void {
    const { layout, scale, line } = this;
    const { shown, held } = this.#list();
    // Rows that were just read tell where the anchor is.
    void held;
    const was = untrack(() => this.place);
    const want = shown !== this.#shown ? 0 : was.top < line || layout.rows === 0 ? was.top : layout.lineOf(this.#anchor.index) * line + this.#offset;
    this.#shown = shown;
    const there = scale.at(want);
    if (Math.abs(there.top - was.top) < 1 && was.scroll <= scale.lastScroll) return;
    // Of a scaled list the scrollbar is put right when it rests: somebody may be holding it.
    this.place = scale.scaled && was.scroll > 0 && was.scroll < scale.lastScroll ? { ...there, scroll: was.scroll } : there;
    this.#rest();
  }

  #to(next: Place): void {
    this.place = next;
    const index = this.layout.rowFrom(Math.floor(next.top / this.line));
    Object.assign(this.#anchor, { index, key: this.#list().held.key(index) });
    this.#offset = next.top - this.layout.lineOf(index) * this.line;
  }

  #rest(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => (this.place = this.scale.settled(this.place)), REST_MS);
  }

  #fly(): void {
    this.flying = true;
    clearTimeout(this.#landing);
    this.#landing = setTimeout(() => (this.flying = false), DATE_MS);
  }
}
