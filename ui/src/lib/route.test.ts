import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** A window whose address changes at once and tells of it later, as those of browsers do. */
class FakeWindow {
  told: (() => void) | undefined;
  clicked: ((event: { target: unknown }) => void) | undefined;
  readonly location = { hash: "#/calls" };
  readonly history = { replaceState: (_: unknown, __: string, hash: string) => void (this.location.hash = hash) };

  addEventListener(event: string, told: (event: { target: unknown }) => void): void {
    if (event === "hashchange") this.told = () => told({ target: this });
    else this.clicked = told;
  }
}

class FakeElement {
  constructor(private readonly link: string | null) {}
  closest = (): string | null => this.link;
}

describe("the address", () => {
  let shown: FakeWindow;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    shown = new FakeWindow();
    vi.stubGlobal("window", shown);
    vi.stubGlobal("Element", FakeElement);
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

  it("is written before a link is followed, which may lead to where it still points", async () => {
    const { route } = await import("./route.svelte");
    route.open("a:1");
    shown.clicked?.({ target: new FakeElement(null) });
    expect(shown.location.hash, "no link").toBe("#/calls");
    shown.clicked?.({ target: new FakeElement("#/calls") });
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
