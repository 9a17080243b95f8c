import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A window whose address changes at once and tells of it later, as those of browsers do. */
class FakeWindow {
  told: (() => void) | undefined;
  readonly location = { hash: "#/calls" };
  readonly history = { replaceState: (_: unknown, __: string, hash: string) => void (this.location.hash = hash) };

  addEventListener(_: string, told: () => void): void {
    this.told = told;
  }
}

describe("the address", () => {
  let shown: FakeWindow;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    shown = new FakeWindow();
    vi.stubGlobal("window", shown);
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("follows what is opened a moment later", async () => {
    const { route } = await import("./route.svelte");
    route.open("a:1");
    expect(shown.location.hash).toBe("#/calls");
    vi.advanceTimersByTime(1_000);
    expect(shown.location.hash).toBe("#/calls?open=a%3A1");
  });

  it("of a link that was followed meanwhile stays", async () => {
    const { route } = await import("./route.svelte");
    route.open("a:1");
    shown.location.hash = "#/people?open=bob";
    vi.advanceTimersByTime(1_000);
    expect(shown.location.hash, "before its event").toBe("#/people?open=bob");
    shown.told?.();
    expect([route.screen, route.params.get("open")]).toEqual(["people", "bob"]);
    route.open("carol");
    vi.advanceTimersByTime(1_000);
    expect(shown.location.hash, "and goes on from there").toBe("#/people?open=carol");
  });
});
