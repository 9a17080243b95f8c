import { describe, expect, it } from "vitest";

import type { LifeRow, RoomRow, StayRow, StepRow } from "../api/types";
import { barOf, holesOf, peakOf, share, spanOf, stepPath } from "./occupancy";

const points = (...pairs: [number, number][]) => pairs.map(([at_ms, inside]) => ({ at_ms, inside }));
const stay = (more: Partial<StayRow>): StayRow => ({
  app: "1",
  product: "live",
  room_id_type: "",
  room_id: "r",
  user: "ann",
  user_name: "",
  n: 1,
  entered_ms: 1000,
  left_ms: 5000,
  seconds: 4,
  away_seconds: 0,
  enter_cause: "enter",
  leave_cause: "leave",
  ...more,
});
const step = (at_ms: number, action: string, user = "ann"): StepRow => ({
  at_ms,
  action,
  user,
  platform: "",
  client_ip: "",
  sent: {},
  family: "live",
  command: "",
  flagged: false,
  delivery: "",
});
const SPAN = { from: 1000, to: 11_000 };

describe("the span", () => {
  const room = { first_ms: 1000, last_ms: 9000, inside: 0 } as RoomRow;
  const life = (n: number, began_ms: number, ended_ms: number | null) => ({ n, began_ms, ended_ms }) as LifeRow;
  const lives = [life(2, 6000, null), life(1, 1000, 5000)];
  it("is the room's whole time, up to what was last heard", () => {
    expect(spanOf({ room, lives, life: null }, 50_000), "nobody is inside, so now means nothing").toEqual({ from: 1000, to: 9000 });
    expect(spanOf({ room: { ...room, inside: 2 }, lives, life: null }, 50_000), "somebody is inside now").toEqual({ from: 1000, to: 50_000 });
  });
  it("is that of the chosen life", () => {
    expect(spanOf({ room, lives, life: 1 }, 50_000)).toEqual({ from: 1000, to: 5000 });
    expect(spanOf({ room, lives, life: 2 }, 50_000), "an open life reaches to what was last heard").toEqual({ from: 6000, to: 9000 });
  });
  it("is never empty", () => {
    expect(spanOf({ room: { ...room, last_ms: 1000 }, lives: [], life: null }, 0).to, "one moment is drawn a second wide").toBe(2000);
  });
});

describe("the line", () => {
  it("has its earliest highest point", () => {
    expect(peakOf(points([1, 1], [2, 3], [3, 1], [4, 3]))).toEqual({ at_ms: 2, inside: 3 });
    expect(peakOf([]), "nobody came").toBeUndefined();
  });
  it("goes across, then up or down", () => {
    expect(stepPath(points([1000, 1], [6000, 2], [11_000, 0]), SPAN, 2, 100, 50), "a step line, not a slope").toBe("M0 50H0V25H50V0H100V50H100");
    expect(stepPath([], SPAN, 0, 100, 50), "nobody: the base line").toBe("M0 50H100");
  });
  it("does not leave its field", () => {
    expect([share(SPAN, 0), share(SPAN, 6000), share(SPAN, 99_000)]).toEqual([0, 0.5, 1]);
  });
});

describe("the bar of a stay", () => {
  it("lies where the stay lies", () => {
    expect(barOf(stay({ entered_ms: 2000, left_ms: 7000 }), SPAN)).toEqual({ left: 0.1, width: 0.5 });
    expect(barOf(stay({ left_ms: null, leave_cause: "" }), SPAN), "inside: to the end").toEqual({ left: 0, width: 1 });
    expect(barOf(stay({ entered_ms: null, left_ms: 6000 }), SPAN), "only the leave was told: one moment").toEqual({ left: 0.5, width: 0 });
  });
  it("is not there when the stay is outside", () => {
    expect(barOf(stay({ entered_ms: 20_000, left_ms: 30_000 }), SPAN), "of a later life").toBeUndefined();
    expect(barOf(stay({ entered_ms: 100, left_ms: 900 }), SPAN), "of an earlier life").toBeUndefined();
  });
});

describe("the holes of a stay", () => {
  const away = stay({ left_ms: 60_000, away_seconds: 30 });
  const steps = [step(50_000, "recover"), step(20_000, "interrupt"), step(21_000, "interrupt", "bob"), step(1000, "enter")];
  it("are where the steps tell of them", () => {
    expect(holesOf(away, steps), "another user's interrupt is not this one's").toEqual([{ from: 20_000, to: 50_000 }]);
  });
  it("are not guessed where the steps do not account for all of them", () => {
    expect(holesOf(stay({ left_ms: 60_000, away_seconds: 45 }), steps)).toEqual([]);
    expect(holesOf(stay({ left_ms: 60_000 }), steps), "no absence, no hole").toEqual([]);
  });
});
