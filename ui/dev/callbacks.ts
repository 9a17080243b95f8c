import type {
  Applied,
  CallbackPreset,
  Catalogue,
  Change,
  Notice,
  Plan,
  PlanNotice,
  Product,
  ProductState,
  Snapshot,
  Subscribed,
  TencentError,
  Wanted,
} from "../src/lib/api/types";
import catalogue from "./catalogue.json" with { type: "json" };
import { APPS, NOW } from "./seed.ts";

interface Answer {
  status: number;
  json: unknown;
}
interface Config {
  url: string;
  actions: string[];
}
/** One product of one app: what Tencent has, what was last read of it, and what was done. */
interface Side {
  at: Config | null;
  set: Config | null;
  state: ProductState;
  history: Change[];
}

const TOKEN = "3f9c0de1a2b34c5d6e7f8091a2b3c4d5";
const ADDRESS = "https://calls.example.com";
const CRM = "https://crm.example.net/tencent/callback?key=abc";
const ALL = catalogue as Catalogue;
const REFUSED = {
  code: "tencent_refused",
  api: "v4",
  tencent_code: 100_002,
  info: "invalid callback url",
  what: "address_or_callback_refused",
  advice: "check_address_and_callbacks",
} as const;
const WRONG_KEY: TencentError = {
  code: "tencent_refused",
  api: "v4",
  tencent_code: 70_003,
  info: "check usersig fail",
  what: "wrong_key",
  advice: "enter_key",
};
const LEVELS: Partial<Record<Notice["code"], PlanNotice["level"]>> = { no_public_url: "stop", nothing_changes: "advice", http_only: "advice" };
const DAY = 86_400_000;
const PRODUCTS = ALL.products.map((one) => one.product);
const HOSTILE = "Live.Callback\u202EwoN<b>x</b>";
const GIFT = "Live.CallbackBeforeSendGift";

const commands = (product: Product) => ALL.products.find((one) => one.product === product)?.groups.flatMap((group) => group.commands) ?? [];
const preset = (product: Product, name: CallbackPreset) =>
  commands(product)
    .filter((one) => one.presets.includes(name))
    .map((one) => one.command);
const blocks = (word: string) => word.includes(".CallbackBefore") && !word.endsWith("NotBlock");
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ok = (json: unknown): Answer => ({ status: 200, json });
const same = (one: Config | null, other: Config | null) =>
  JSON.stringify(one && { ...one, actions: [...one.actions].sort() }) === JSON.stringify(other && { ...other, actions: [...other.actions].sort() });

/** How the callbacks of the seeded apps stand, by name: `/api/mock/callbacks?drift` shows it. */
const STANDINGS = [
  "several",
  "unread",
  "nothing",
  "ours",
  "other",
  "earlier",
  "drift",
  "drift-away",
  "error",
  "no-key",
  "slow",
  "unconfirmed",
  "refused",
  "overtaken",
  "no-address",
  "no-apps",
  "one-app",
  "rtc-refused",
];

/** Plays the addresses under `/api/callbacks`: planning, applying, reading back and going back behave. */
export class MockCallbacks {
  #standing = "several";
  #sides = new Map<string, Side>();
  #address: { get: () => string | null; set: (url: string | null) => void };
  #change: () => void;
  #apps: () => { id: string }[];

  constructor(apps: () => { id: string }[], address: { get: () => string | null; set: (url: string | null) => void }, change: () => void) {
    this.#apps = apps;
    this.#address = address;
    this.#change = change;
  }

  /** Why Tencent refuses everything, where it does. */
  get refusal() {
    return this.#standing === "error" ? WRONG_KEY : null;
  }

  show(standing: string): object {
    this.#standing = STANDINGS.includes(standing) ? standing : "several";
    this.#address.set(this.#standing === "no-address" ? null : ADDRESS);
    this.#sides.clear();
    this.#change();
    return { standing: this.#standing };
  }

  /** `undefined`: it is not one of these addresses. */
  async answer(method: string, address: string, body: string): Promise<Answer | undefined> {
    if (address === "callbacks/catalogue") return ok(ALL);
    if (address === "callbacks") return ok({ apps: this.#listed().map((app) => this.#app(app)) });
    const [start, app = "", name = "", verb] = address.split("/");
    if (start !== "callbacks" || verb === undefined) return undefined;
    const product = PRODUCTS.find((one) => one === name);
    if (product === undefined) return undefined;
    const side = this.#side(app, product);
    if (method === "GET") return ok([...side.history].reverse());
    const sent = body === "" ? {} : (JSON.parse(body) as unknown);
    if (verb === "read") {
      await wait(this.#standing === "slow" ? 4_000 : 350);
      return ok(this.#read(app, product, side));
    }
    if (verb === "plan") {
      await wait(150);
      return ok(this.#plan(product, side, sent as Wanted));
    }
    await wait(400);
    return this.#apply(product, side, sent as { wanted: Wanted; seen: string });
  }

  #listed(): string[] {
    const all = this.#apps().map((app) => app.id);
    if (this.#standing === "no-apps") return [];
    return this.#standing === "one-app" ? all.slice(0, 1) : all;
  }

  #app(app: string): Subscribed {
    const refused = this.#standing === "rtc-refused" ? 4 : 0;
    const first = app === APPS[0]?.id;
    return {
      app,
      label: APPS.find((one) => one.id === app)?.label ?? "",
      products: PRODUCTS.map((product) => this.#side(app, product).state),
      rtc: { has_key: first, last_ms: first && refused === 0 && this.#standing === "several" ? NOW - 400_000 : null, refused },
    };
  }

  #shown(url: string): Snapshot["url"] {
    if (url.endsWith(TOKEN)) return { shown: url.replace(TOKEN, "••••"), ours: true };
    return { shown: url.replace(/\?.*/, "?key=••••"), ours: false };
  }

  #snapshot(config: Config | null): Snapshot | null {
    return config && { url: this.#shown(config.url), actions: config.actions };
  }

  #ours(): string {
    return `${this.#address.get() ?? ADDRESS}/hook/${TOKEN}`;
  }

  /** How a product begins in this standing. */
  #side(app: string, product: Product): Side {
    const key = `${app} ${product}`;
    const known = this.#sides.get(key);
    if (known) return known;
    const empty: ProductState = { product, state: "unread", read_ms: null, url: null, actions: [], error: null, drift: null, last_change: null };
    const side: Side = { at: null, set: null, state: empty, history: [] };
    this.#sides.set(key, side);
    const kind = this.#kind(app, product);
    const ours = (name: CallbackPreset): Config => ({ url: this.#ours(), actions: preset(product, name) });
    if (kind === "ours" || kind === "drift" || kind === "drift-away") {
      this.#note(side, "set", null, ours("history"), "window", NOW - 9 * DAY);
      this.#note(side, "update", ours("history"), ours("presence"), "command", NOW - 2 * DAY - 5_000_000);
      side.at = side.set = ours("presence");
      if (kind !== "ours") {
        const now =
          kind === "drift" ? { url: this.#ours(), actions: [...preset(product, "history"), HOSTILE] } : { url: CRM, actions: preset(product, "history") };
        this.#note(side, "update", side.at, now, "elsewhere", NOW - 5_400_000);
        side.at = now;
      }
    } else if (kind === "other")
      side.at = { url: CRM, actions: product === "live" ? [...preset(product, "presence"), GIFT, HOSTILE] : preset(product, "everything") };
    else if (kind === "earlier") side.at = { url: `https://old.example.com/hook/${TOKEN}`, actions: preset(product, "presence") };
    if (kind === "no-key") side.state = { ...empty, state: "no_key" };
    else if (kind === "error") side.state = { ...empty, state: "error", read_ms: NOW - 130_000, error: WRONG_KEY };
    else if (kind !== "unread") this.#read(app, product, side, NOW - 130_000);
    return side;
  }

  #kind(app: string, product: Product): string {
    if (this.#standing !== "several")
      return ["no-address", "unconfirmed", "refused", "refused", "overtaken", "one-app", "rtc-refused"].includes(this.#standing)
        ? "nothing"
        : this.#standing === "slow"
          ? "unread"
          : this.#standing;
    if (app !== APPS[0]?.id) return "no-key";
    return { call: "ours", "call-v1": "unread", live: "drift", room: "other" }[product];
  }

  #read(app: string, product: Product, side: Side, at = Date.now()): ProductState {
    if (this.#kind(app, product) === "error") return (side.state = { ...side.state, read_ms: at });
    const url = side.at && this.#shown(side.at.url);
    const drifted = side.set !== null && !same(side.set, side.at);
    const state = drifted ? "drift" : url === null ? "nothing" : side.at?.url === this.#ours() ? "ours" : "other";
    const made = side.history.findLast((one) => one.by !== "elsewhere")?.at_ms ?? at;
    side.state = {
      product,
      state,
      read_ms: at,
      url,
      actions: side.at?.actions ?? [],
      error: null,
      drift: drifted ? { set_ms: made, was: this.#snapshot(side.set) } : null,
      last_change: side.history.at(-1) ?? null,
    };
    return side.state;
  }

  #target(product: Product, side: Side, wanted: Wanted): { after: Config | null; also: Plan["also"] } {
    if (wanted.to === "as_is") return { after: side.at, also: [] };
    if (wanted.to === "nothing") return { after: null, also: [] };
    if (wanted.to === "restore") {
      const shot = side.history.find((one) => one.change === wanted.change)?.before ?? null;
      return { after: shot && { url: shot.url.ours ? this.#ours() : CRM, actions: shot.actions }, also: [] };
    }
    const also: Plan["also"] = [];
    for (const word of wanted.actions)
      for (const brought of commands(product).find((one) => one.command === word)?.brings ?? [])
        if (![...wanted.actions, ...also.map((one) => one.command)].includes(brought.command)) also.push(brought);
    if (this.#address.get() === null) return { after: side.at, also: [] };
    return { after: { url: this.#ours(), actions: [...new Set([...wanted.actions, ...also.map((one) => one.command)])] }, also };
  }

  #plan(product: Product, side: Side, wanted: Wanted): Plan {
    const { after, also } = this.#target(product, side, wanted);
    const was = side.at?.actions ?? [];
    const is = after?.actions ?? [];
    const removed = was.filter((word) => !is.includes(word));
    const does = same(side.at, after) ? "nothing" : after === null ? "delete" : side.at === null ? "set" : "update";
    const notices: Plan["notices"] = [];
    const say = (notice: Notice) => notices.push({ level: LEVELS[notice.code] ?? "ask", notice });
    const foreign = side.at !== null && !side.at.url.endsWith(TOKEN);
    if (wanted.to === "actions" && this.#address.get() === null) say({ code: "no_public_url" });
    else if (does === "nothing") say({ code: "nothing_changes" });
    const unknown = wanted.to === "actions" ? is.filter((word) => !commands(product).some((one) => one.command === word)) : [];
    if (unknown.length > 0) say({ code: "unknown_command", commands: unknown });
    const dropped = removed.filter((word) => !commands(product).some((one) => one.command === word));
    if (does !== "nothing" && dropped.length > 0) say({ code: "drops_unknown", commands: dropped });
    if (does !== "nothing" && foreign && was.some(blocks)) say({ code: "moderation", commands: was.filter(blocks), stops: true });
    else if (does !== "nothing" && is.some(blocks)) say({ code: "moderation", commands: is.filter(blocks), stops: false });
    if (does !== "nothing" && foreign) say({ code: "other_url", url: this.#shown(side.at?.url ?? "").shown });
    if (after && does !== "nothing" && this.#address.get()?.startsWith("http:")) say({ code: "http_only" });
    return {
      does,
      url_before: side.at && this.#shown(side.at.url),
      url_after: after && this.#shown(after.url),
      added: is.filter((word) => !was.includes(word)),
      removed,
      kept: is.filter((word) => was.includes(word)),
      also,
      notices,
      keep: foreign && after?.url.endsWith(TOKEN) ? { private: false, is_target: false } : null,
      seen: JSON.stringify(side.at),
    };
  }

  #apply(product: Product, side: Side, { wanted, seen }: { wanted: Wanted; seen: string }): Answer {
    if (this.#standing === "overtaken") {
      this.#standing = "nothing";
      const now = { url: CRM, actions: preset(product, "history") };
      this.#note(side, "set", side.at, now, "elsewhere");
      side.at = now;
    }
    if (seen !== JSON.stringify(side.at)) return { status: 409, json: { code: "changed", message: "Somebody changed it at Tencent meanwhile." } };
    const { after } = this.#target(product, side, wanted);
    const confirmed = !["unconfirmed", "refused"].includes(this.#standing);
    const change = this.#note(
      side,
      same(side.at, after) ? "nothing" : after === null ? "delete" : side.at === null ? "set" : "update",
      side.at,
      after,
      "window",
      Date.now(),
      confirmed,
    );
    if (this.#standing === "refused") change.answer = { code: REFUSED.tencent_code, error: REFUSED, message: "" };
    else side.at = side.set = after;
    const applied: Applied = { state: this.#read("", product, side), change, confirmed, error: change.answer.error };
    this.#change();
    return ok(applied);
  }

  #note(side: Side, does: Change["does"], before: Config | null, after: Config | null, by: Change["by"], at_ms = Date.now(), confirmed = true): Change {
    const change: Change = {
      change: side.history.length + 1,
      at_ms,
      by,
      does,
      before: this.#snapshot(before),
      after: this.#snapshot(after),
      answer: by === "elsewhere" ? { code: null, error: null, message: "" } : { code: 0, error: null, message: "" },
      confirmed: by !== "elsewhere" && confirmed,
    };
    side.history.push(change);
    return change;
  }
}
