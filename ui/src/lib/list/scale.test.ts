import { describe, expect, it } from "vitest";

import { type Place, Scale } from "./scale";

const LINE = 34;
const VIEW = 700;
const LINES = 1_000_400;
const million = () => new Scale(LINES * LINE, VIEW);

describe("a list that fits", () => {
  it("is not scaled", () => {
    const scale = new Scale(5000 * LINE, VIEW);
    expect([scale.scaled, scale.height, scale.lastTop]).toEqual([false, 5000 * LINE, 5000 * LINE - VIEW]);
    expect(scale.scrolled({ top: 10, scroll: 10 }, 90_000)).toEqual({ top: 90_000, scroll: 90_000 });
    expect(scale.at(1e9), "nothing is below the end").toEqual({ top: scale.lastTop, scroll: scale.lastTop });
  });
  it("may be shorter than what is seen", () => {
    const scale = new Scale(100, VIEW);
    expect(scale.at(50)).toEqual({ top: 0, scroll: 0 });
  });
});

describe("a list that is higher than an element can be", () => {
  it("is drawn no higher than browsers can", () => {
    expect(million().height).toBeLessThanOrEqual(15_000_000);
  });

  it("is mapped in order, from end to end, and back", () => {
    const scale = million();
    let before = -1;
    for (let scroll = 0; scroll <= scale.lastScroll; scroll += 997) {
      const top = scale.topOf(scroll);
      expect(top, "further down the scrollbar is further down the list").toBeGreaterThan(before);
      expect(Math.abs(scale.scrollOf(top) - scroll), "and the same place on the way back").toBeLessThan(0.01);
      before = top;
    }
    expect([scale.topOf(0), scale.topOf(scale.lastScroll)]).toEqual([0, scale.lastTop]);
  });

  it("can be brought to every row", () => {
    const scale = million();
    for (let line = 0; line < LINES; line += 1) {
      const { top, scroll } = scale.at(line * LINE);
      const seen = top <= line * LINE && line * LINE + LINE <= top + VIEW;
      if (!seen || scroll < 0 || scroll > scale.lastScroll) expect.fail(`line ${line} is not seen from ${top}, ${scroll}`);
    }
  });

  it("moves as far as the wheel does", () => {
    const scale = million();
    const here = scale.at(20_000_000);
    expect(scale.scrolled(here, here.scroll + 120).top - here.top).toBe(120);
    expect(scale.scrolled(here, here.scroll - 33).top - here.top).toBe(-33);
  });

  it("follows the thumb to its share", () => {
    const scale = million();
    const { top } = scale.scrolled(scale.at(0), scale.lastScroll / 2);
    expect(Math.abs(top / scale.lastTop - 0.5), "half of the way is half of the list").toBeLessThan(0.001);
    expect(scale.scrolled(scale.at(0), scale.lastScroll).top, "and the end is the end").toBe(scale.lastTop);
  });

  it("is put right without moving what is seen", () => {
    const scale = million();
    let here = scale.at(20_000_000);
    for (let step = 0; step < 50; step += 1) here = scale.scrolled(here, here.scroll + 200);
    const settled = scale.settled(here);
    expect(settled.top).toBe(here.top);
    expect(Math.abs(settled.scroll - scale.scrollOf(here.top)), "the thumb stands where it would have been dragged to").toBeLessThan(1);
    expect(scale.settled(settled), "once is enough").toBe(settled);
  });

  /** The wheel is turned until nothing moves; now and then it rests. */
  function turn(scale: Scale, from: Place, step: number, rest: number): Place {
    let here = from;
    for (let n = 1; ; n += 1) {
      const scroll = Math.min(Math.max(0, here.scroll + step), scale.lastScroll);
      const next = scale.scrolled(here, scroll);
      expect((next.top - here.top) * Math.sign(step), "it never moves the other way").toBeGreaterThanOrEqual(0);
      if (next.top === here.top && next.scroll === here.scroll) return here;
      here = n % rest === 0 ? scale.settled(next) : next;
    }
  }

  it("reaches both ends by the wheel alone, with rests and without any", () => {
    const scale = million();
    for (const rest of [7, Infinity]) {
      expect(turn(scale, scale.at(scale.lastTop - 900_000), 300, rest), "the oldest row").toEqual({ top: scale.lastTop, scroll: scale.lastScroll });
      expect(turn(scale, scale.at(900_000), -300, rest), "the newest row").toEqual({ top: 0, scroll: 0 });
    }
    // Without a rest the element comes to its end long before the list does.
    expect(turn(scale, { top: 3_000_000, scroll: 50_000 }, -300, Infinity)).toEqual({ top: 0, scroll: 0 });
  });

  it("keeps the row at the top when rows come in above it", () => {
    const [before, after] = [million(), new Scale((LINES + 5) * LINE, VIEW)];
    const here = before.at(20_000_000);
    const there = after.at(here.top + 5 * LINE);
    expect(there.top - here.top, "the list has moved by five rows").toBe(5 * LINE);
    expect(Math.abs(there.scroll - here.scroll), "the thumb has hardly").toBeLessThan(5 * LINE);
  });
});
