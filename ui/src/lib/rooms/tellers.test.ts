import { expect, test } from "vitest";

import type { RoomDetailRow, StepRow } from "../api/types";
import { roomTeller } from "./tellers";

const step = (at_ms: number, action: string, delivery: string) => ({ at_ms, action, delivery, command: "Live.X", family: "live" }) as StepRow;
const href = (at_ms: number | null | undefined, ...steps: StepRow[]) => roomTeller({ room: { room_id: "r 1" } as RoomDetailRow["room"], steps }, at_ms)?.href;

test("what was told of a room leads to the delivery of that time", () => {
  expect(href(5, step(4, "changed", "a"), step(5, "enter", "b"), step(5, "changed", "c"))).toBe("#/deliveries?open=c");
  expect(href(5, step(5, "changed", "c"), step(5, "activity", "c")), "one delivery may tell twice").toBe("#/deliveries?open=c");
  expect(href(5, step(5, "changed", "c"), step(5, "closed", "d")), "which of two it was is not known").toBe("#/deliveries?q=r+1");
  expect(href(5, step(9, "changed", "z")), "older than the steps that are there").toBe("#/deliveries?q=r+1");
  expect(href(null), "nothing was told").toBeUndefined();
});
