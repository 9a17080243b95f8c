import { VIEW_KEYS } from "./filter/view";
import { recall, remember } from "./memory";

export const SCREENS = [
  "overview",
  "calls",
  "followup",
  "rooms",
  "people",
  "person",
  "deliveries",
  "settings",
  "start",
  "damage",
  "review",
  "ways",
  "callbacks",
  "completeness",
] as const;
export type Screen = (typeof SCREENS)[number];

/** WebKit refuses more than a hundred address changes in 30 s, so typing and walking through a list write it only now and then. */
const WRITE_MS = 250;

/** Reads `#/calls?result=reject` . */
export function readHash(hash: string): { screen: Screen; params: URLSearchParams } {
  const [path = "", search = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const screen = SCREENS.find((name) => name === path) ?? "calls";
  return { screen, params: new URLSearchParams(search) };
}

export function writeHash(screen: Screen, params: URLSearchParams): string {
  const search = params.toString();
  return `#/${screen}${search === "" ? "" : `?${search}`}`;
}

/** Which screen is shown, and what of it: kept in the part of the address after `#`, which works from every origin. */
class Route {
  screen = $state<Screen>("calls");
  params = $state.raw(new URLSearchParams());
  /** The filters that were last used on each screen. */
  #views = $state.raw<Record<string, string>>(Object.fromEntries(SCREENS.map((screen) => [screen, recall(`view.${screen}`)])));
  #write: ReturnType<typeof setTimeout> | undefined;
  /** The address as it was last read or written. */
  #address = "";

  constructor() {
    if (typeof window === "undefined") return;
    if (/^#?\/?$/.test(window.location.hash)) window.history.replaceState(null, "", this.link("overview"));
    this.#read();
    window.addEventListener("hashchange", () => this.#read());
    // A link to what the address still says would lead nowhere, though something else is shown by now.
    window.addEventListener("click", ({ target }) => target instanceof Element && target.closest("a[href^='#']") !== null && this.#flush(), true);
  }

  /** Where a link to a screen leads: to the filters that were last used there. */
  link(screen: Screen): string {
    return writeHash(screen, new URLSearchParams(this.#views[screen] ?? ""));
  }

  /** Goes to a screen with exactly these parameters. */
  go(screen: Screen, params: Record<string, string> = {}): void {
    this.#flush();
    window.location.hash = writeHash(screen, new URLSearchParams(params));
  }

  /** Replaces the filters and keeps what is open. */
  view(words: Record<string, string>): void {
    const params = new URLSearchParams(words);
    const open = this.params.get("open");
    if (open !== null) params.set("open", open);
    this.#set(params);
  }

  /** Opens something on this screen, or closes it. */
  open(key: string | undefined): void {
    const params = new URLSearchParams(this.params);
    if (key === undefined) params.delete("open");
    else params.set("open", key);
    this.#set(params);
  }

  /** Drops the filters that each screen remembers: they are of a record that is no longer shown. */
  forget(): void {
    this.#views = {};
    for (const screen of SCREENS) remember(`view.${screen}`, "");
  }

  #read(): void {
    clearTimeout(this.#write);
    this.#address = window.location.hash;
    const { screen, params } = readHash(this.#address);
    this.screen = screen;
    this.params = params;
    this.#remember();
  }

  #set(params: URLSearchParams): void {
    this.params = params;
    this.#remember();
    clearTimeout(this.#write);
    this.#write = setTimeout(() => this.#flush(), WRITE_MS);
  }

  #flush(): void {
    clearTimeout(this.#write);
    // A link was followed just now, and its event is still to come: where it leads must not be written over.
    if (window.location.hash !== this.#address) return;
    const hash = writeHash(this.screen, this.params);
    if (this.#address !== hash) window.history.replaceState(null, "", hash);
    this.#address = window.location.hash;
  }

  #remember(): void {
    const kept = new URLSearchParams();
    for (const key of VIEW_KEYS) {
      const value = this.params.get(key);
      if (value !== null) kept.set(key, value);
    }
    this.#views = { ...this.#views, [this.screen]: kept.toString() };
    remember(`view.${this.screen}`, kept.toString());
  }
}

export const route = new Route();
