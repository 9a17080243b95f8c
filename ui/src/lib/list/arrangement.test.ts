import { beforeEach, describe, expect, it, vi } from "vitest";

import { Arrangement } from "./arrangement.svelte";
import type { Column } from "./columns";

const cell = (() => {}) as unknown as Column<never>["cell"];
const described: Column<never>[] = [
  { key: "time", title: "Started", width: 66, cell },
  { key: "who", title: "Who", width: 180, share: 1, about: true, cell },
  { key: "ring", title: "Ring time", width: 60, leaves: 2, cell },
  { key: "talk", title: "Talk time", width: 60, leaves: 1, cell },
];
const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});

/** All of them need 366 pixels, 36 between them and 52 at the ends. */
function arrangement(available = 454) {
  const columns = new Arrangement("calls", described);
  columns.available = available;
  return columns;
}
const keys = (columns: Arrangement<never>) => columns.visible.map(({ key }) => key).join(" ");

describe("the columns of a list", () => {
  it("are hidden and shown, and what a row is about never is", () => {
    const columns = arrangement();
    columns.toggle("time");
    expect(keys(columns)).toBe("who ring talk");
    expect(columns.told).toBe("Started hidden");
    columns.toggle("who");
    expect(keys(columns)).toBe("who ring talk");
    columns.toggle("time");
    expect(keys(columns)).toBe("time who ring talk");
  });
  it("come when a person asks for them, and others leave", () => {
    const columns = arrangement(453);
    expect(keys(columns)).toBe("time who talk");
    expect(columns.isHidden("ring"), "nobody hid it").toBe(false);
    columns.toggle("ring");
    expect(keys(columns)).toBe("time who ring");
    expect(columns.told).toBe("Ring time shown");
  });
  it("are given up when there is no room for what was asked for", () => {
    const columns = arrangement(360);
    columns.toggle("ring");
    expect(keys(columns)).toBe("time who");
    expect(columns.told).toBe("No room for Ring time");
    columns.toggle("ring");
    expect(columns.isHidden("ring")).toBe(true);
  });
  it("are moved and sized, as far as there is room", () => {
    const columns = arrangement(500);
    columns.move("talk", "time");
    expect(keys(columns)).toBe("talk time who ring");
    expect(columns.told).toBe("Talk time: column 1 of 4");
    columns.resize("ring", 900);
    expect(columns.grid).toBe("minmax(0px, 60px) minmax(0px, 66px) minmax(120px, 1fr) minmax(0px, 106px)");
    columns.resize("ring", 3);
    expect(columns.grid).toBe("minmax(0px, 60px) minmax(0px, 66px) minmax(120px, 1fr) minmax(0px, 40px)");
    columns.resize("who", 200);
    expect(columns.grid, "what was sized takes no share").toBe("minmax(0px, 60px) minmax(0px, 66px) minmax(120px, 200px) minmax(0px, 40px)");
  });
  it("are remembered until they are reset", () => {
    const columns = arrangement();
    columns.toggle("ring");
    columns.move("talk", "who");
    columns.resize("talk", 80);
    const again = arrangement();
    expect(keys(again)).toBe("time talk who");
    expect(again.grid).toBe(columns.grid);
    again.reset();
    expect(again.isChanged).toBe(false);
    expect(kept.size, "nothing is left of it").toBe(0);
    expect(keys(arrangement())).toBe("time who ring talk");
  });
  it("go back to what they were", () => {
    const columns = arrangement(600);
    columns.resize("ring", 80);
    const back = columns.keep();
    columns.resize("ring", 90);
    back();
    expect(columns.grid).toContain("80px");
    expect(arrangement(600).grid).toBe(columns.grid);
  });
});
