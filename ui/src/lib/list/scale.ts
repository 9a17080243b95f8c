/** Browsers draw no element that is much higher (Firefox 17.8 million, Chromium 33.5, WebKit as much): a million rows are. */
const MOST_PX = 10_000_000;
/** So far from both ends, the scrollbar's way is the list's way, so that nothing is left over there. */
const TRUE_PX = 100_000;
/** A wheel, a finger or a key never moves further at once; the thumb of a scrollbar that stands for ten million pixels always does. */
const LEAP_PX = 4_000;

/** Where somebody is: `top` is the list's pixel at the top of what is seen, `scroll` the element's scroll offset. */
export interface Place {
  top: number;
  scroll: number;
}

/**
 * Lets an element of bounded height scroll through a list that is higher. Small steps move the list as far as the element, so that
 * the wheel is as fine as ever; leaps go to the share of the list that the thumb shows. Small steps thus part the two, and
 * `settled` brings them together again without moving what is seen. A list that fits is not scaled: both are always the same.
 */
export class Scale {
  /** The height of the element. */
  readonly height: number;
  readonly scaled: boolean;
  /** How far down one can be in the list. */
  readonly lastTop: number;
  readonly lastScroll: number;

  constructor(whole: number, view: number, most = MOST_PX) {
    this.height = Math.min(whole, most);
    this.scaled = whole > most;
    this.lastTop = Math.max(0, whole - view);
    this.lastScroll = Math.max(0, this.height - view);
  }

  /** Where in the list the scrollbar points. */
  topOf(scroll: number): number {
    return this.#between(scroll, this.lastScroll, this.lastTop);
  }

  /** Where the scrollbar stands for a place in the list. */
  scrollOf(top: number): number {
    return this.#between(top, this.lastTop, this.lastScroll);
  }

  /** The place at this pixel of the list, or the nearest there is. */
  at(top: number): Place {
    const inside = Math.round(Math.min(Math.max(0, top), this.lastTop));
    return { top: inside, scroll: Math.round(this.scrollOf(inside)) };
  }

  /** Where one is after the element was scrolled. */
  scrolled(here: Place, scroll: number): Place {
    if (!this.scaled) return { top: scroll, scroll };
    const step = scroll - here.scroll;
    if (Math.abs(step) > LEAP_PX) return { top: Math.round(this.topOf(scroll)), scroll };
    const top = here.top + step;
    // The element is at an end and the list is not, or the other way round: they are brought together before that is felt.
    const ended = scroll <= 0 || scroll >= this.lastScroll || top <= 0 || top >= this.lastTop;
    return ended ? this.at(top) : { top, scroll };
  }

  /** The same place with the scrollbar where it belongs. */
  settled(here: Place): Place {
    const there = this.at(here.top);
    return Math.abs(there.scroll - here.scroll) < 1 ? here : there;
  }

  /** From one length to the other: one to one at both ends, stretched between them. */
  #between(from: number, length: number, other: number): number {
    if (!this.scaled) return Math.min(Math.max(0, from), other);
    const edge = Math.min(TRUE_PX, length / 2);
    if (from <= edge) return Math.max(0, from);
    if (from >= length - edge) return Math.min(other, other - (length - from));
    return edge + ((from - edge) * (other - 2 * edge)) / (length - 2 * edge);
  }
}
