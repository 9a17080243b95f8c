import type { App, Connection, Demo, Link, ProblemSaid, Region, SecretState, Signing } from "../src/lib/api/types";
import { NOW } from "./seed.ts";

interface Answer {
  status: number;
  json?: unknown;
}

/** What this part needs to know of the rest of the mock. */
interface Rest {
  apps: () => { id: string; label: string; region: string; administrator?: string }[];
  publicUrl: () => string | null;
  change: () => void;
}

const MINUTE = 60_000;
const ADDRESS = "127.0.0.1:8787";
const KINDS = ["secret_key", "live_token", "rtc_key"] as const;

const REGIONS: Region[] = [
  { region: "china", host: "console.tim.qq.com" },
  { region: "singapore", host: "adminapisgp.im.qcloud.com" },
  { region: "seoul", host: "adminapikr.im.qcloud.com" },
  { region: "frankfurt", host: "adminapiger.im.qcloud.com" },
  { region: "silicon-valley", host: "adminapiusa.im.qcloud.com" },
  { region: "jakarta", host: "adminapiidn.im.qcloud.com" },
  { region: "tokyo", host: "adminapijpn.im.qcloud.com" },
  { region: "mumbai", host: "adminapiind.im.qcloud.com" },
  { region: "saudi-arabia", host: "adminapiksa.im.qcloud.com" },
];

const link = (name: Link["link"], state: Link["state"], ago: number | null, says: Link["says"]): Link => ({
  link: name,
  state,
  proof_ms: ago === null ? null : Date.now() - ago,
  says,
});

/** What the chain can look like, by name: `/api/mock/connection?attention` shows it. */
const CHAINS: Record<string, () => Link[]> = {
  ok: () => [
    link("listener", "ok", 12 * MINUTE, { code: "listening" }),
    link("public", "ok", 3 * MINUTE, { code: "public_works" }),
    link("address", "ok", 9 * MINUTE, { code: "address_ours" }),
    link("commands", "ok", 9 * MINUTE, { code: "commands", kinds: 14 }),
    link("callback", "ok", 2 * MINUTE, { code: "callbacks" }),
  ],
  nothing: () => [
    link("listener", "unknown", null, { code: "nothing_came_in" }),
    link("public", "off", null, { code: "public_none" }),
    link("address", "unknown", null, { code: "no_key" }),
    link("commands", "unknown", null, { code: "after_address" }),
    link("callback", "unknown", null, { code: "no_callback" }),
  ],
  attention: () => [
    link("listener", "ok", 26 * MINUTE, { code: "listening" }),
    link("public", "attention", 47 * MINUTE, { code: "public_elsewhere", status: 502 }),
    link("address", "attention", 4 * MINUTE, { code: "drift", app: "Support desk", product: "call" }),
    link("commands", "attention", 4 * MINUTE, { code: "command_off", app: "诊所", product: "live", command: "Live.CallbackAfterDestroyRoom" }),
    link("callback", "attention", 9 * 24 * 60 * MINUTE, { code: "callback_old" }),
  ],
};

/** Tencent's side and the demo, as far as the connection card and the app form see them. */
export class MockConnection {
  demo = false;
  #shown = "nothing";
  #clock = false;
  #keptIn: "key_store" | "file" = "key_store";
  #secrets = new Map<string, SecretState>();
  /** What each app's Live callbacks are signed with at Tencent: the token that is here, or another one. */
  #signed = new Map<string, "ours" | "another">();
  #silent = false;
  #refuses = false;
  #filled = 0;
  #started: number | null = null;
  #rest: Rest;

  constructor(state: string, rest: Rest) {
    this.#rest = rest;
    this.#set(state);
  }

  get epoch(): string {
    return this.demo ? "mock-demo" : "mock";
  }

  show(state: string): object {
    this.#set(state);
    this.#rest.change();
    return { state };
  }

  #set(state: string): void {
    if (state in CHAINS) this.#shown = state;
    this.#clock = state === "clock";
    if (state === "clock") this.#shown = "ok";
    this.#keptIn = state === "file" ? "file" : "key_store";
    if (state === "secrets")
      for (const [key, kept] of [
        ["1400123456 secret_key", "set"],
        ["1400123456 live_token", "unreadable"],
      ] as const)
        this.#secrets.set(key, kept);
    if (state === "no-secrets") this.#secrets.clear();
    this.#silent = state === "signing-unknown";
    const signing = /^signing-(off|on|another|only-here|unknown|fails)$/.exec(state)?.[1];
    if (signing !== undefined) {
      const app = "1400123456";
      this.#secrets.set(`${app} secret_key`, "set");
      if (signing === "off" || signing === "fails") this.#secrets.delete(`${app} live_token`);
      else this.#secrets.set(`${app} live_token`, "set");
      this.#signed.delete(app);
      if (signing === "on") this.#signed.set(app, "ours");
      if (signing === "another") this.#signed.set(app, "another");
    }
    this.#refuses = signing === "fails";
    if (state === "demo") this.#begin(160);
    if (state === "no-demo") this.demo = false;
  }

  #links(): Link[] {
    const links = (CHAINS[this.#shown] ?? CHAINS.nothing ?? (() => []))();
    const named = this.#rest.publicUrl() !== null;
    const notTried = (one: Link) => (one.link === "public" && one.state === "off" ? link("public", "unknown", null, { code: "public_not_tried" }) : one);
    // Without a public address all is well only where Tencent is played on this computer.
    return named ? links.map(notTried) : links.filter((one) => one.link !== "public" || this.#shown !== "ok");
  }

  apps(): App[] {
    return this.#rest.apps().map((app) => {
      const region = app.region === "" ? "china" : app.region;
      const state = (kind: string) => this.#secrets.get(`${app.id} ${kind}`) ?? "none";
      const [secret_key, live_token, rtc_key] = KINDS.map(state);
      return {
        administrator: "",
        ...app,
        host: REGIONS.find((one) => one.region === region)?.host ?? region,
        secret_key: secret_key ?? "none",
        live_token: live_token ?? "none",
        rtc_key: rtc_key ?? "none",
      };
    });
  }

  /** `undefined`: it is not one of these addresses. */
  async answer(method: string, url: URL, body: string): Promise<Answer | undefined> {
    const name = url.pathname.slice("/api/".length);
    switch (`${method} ${name}`) {
      case "GET regions":
        return { status: 200, json: REGIONS };
      case "GET connection":
        return { status: 200, json: this.#connection() };
      case "POST test":
        return url.searchParams.get("way") === "public" && this.#shown === "attention"
          ? problem(503, "not_listening", { code: "test_not_back", why: "connection refused" })
          : undefined;
      case "GET demo":
        this.#filled = Math.min(400, this.#filled + 90);
        return { status: 200, json: this.#demo() };
      case "POST demo":
        this.#begin(40);
        this.#rest.change();
        return { status: 200, json: this.#demo() };
      case "DELETE demo":
        this.demo = false;
        this.#rest.change();
        return { status: 200, json: this.#demo() };
      case "POST apps": {
        const { region } = JSON.parse(body) as { region?: string };
        return region === "mars" ? problem(400, "bad_request", { code: "tencent_region", region: "mars" }) : undefined;
      }
    }
    const secrets = /^apps\/([^/]+)\/secrets$/.exec(name)?.[1];
    if (method === "PUT" && secrets !== undefined) return this.#keep(secrets, body);
    const signing = /^apps\/([^/]+)\/signing$/.exec(name)?.[1];
    if (signing !== undefined && method === "GET") return { status: 200, json: this.#signing(signing) };
    if (signing !== undefined && method === "PUT") return this.#sign(signing, (JSON.parse(body) as { on: boolean }).on);
    return undefined;
  }

  #signing(app: string): Signing {
    const here = this.#secrets.get(`${app} live_token`) ?? "none";
    if (this.#silent)
      return { at_tencent: "unknown", here, fits: null, why: { code: "tencent_unreachable", host: "console.tim.qq.com", why: { code: "in_time" } } };
    const there = this.#signed.get(app);
    return { at_tencent: there === undefined ? "off" : "on", here, fits: there !== undefined && here === "set" ? there === "ours" : null, why: null };
  }

  async #sign(app: string, on: boolean): Promise<Answer> {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (this.#refuses)
      return problem(502, "tencent", { code: "tencent_refused", api: "v4", tencent_code: 70_009, info: "", what: "wrong_key", advice: "enter_key" });
    if (on) {
      this.#secrets.set(`${app} live_token`, "set");
      this.#signed.set(app, "ours");
    } else {
      this.#secrets.delete(`${app} live_token`);
      this.#signed.delete(app);
    }
    this.#rest.change();
    return { status: 200, json: this.#signing(app) };
  }

  #keep(app: string, body: string): Answer {
    for (const [kind, secret] of Object.entries(JSON.parse(body) as Record<string, string | null>)) {
      if (secret === null || secret === "") this.#secrets.delete(`${app} ${kind}`);
      else this.#secrets.set(`${app} ${kind}`, "set");
      if (kind === "live_token" && this.#signed.has(app)) this.#signed.set(app, "another");
    }
    this.#rest.change();
    const file = this.#keptIn === "file" ? "/home/ann/.local/share/calltrail/secrets.json" : null;
    return { status: 200, json: { kept_in: this.#keptIn, file, doubts: [] } };
  }

  #begin(filled: number): void {
    this.demo = true;
    this.#filled = filled;
    this.#started = NOW;
  }

  #demo(): Demo {
    return { running: this.demo, filled: this.demo ? this.#filled : 0, total: this.demo ? 400 : 0, started_ms: this.demo ? this.#started : null };
  }

  #connection(): Connection {
    const clock = this.#clock ? ({ off_seconds: -540, source: "signatures", message: "" } as const) : null;
    return {
      links: this.#links(),
      clock,
      hook_address: ADDRESS,
      callback_url: `${this.#rest.publicUrl() ?? `http://${ADDRESS}`}/hook/3f9c0de1a2b34c5d6e7f8091a2b3c4d5`,
    };
  }
}

const problem = (status: number, code: string, said: ProblemSaid): Answer => ({ status, json: { code, message: "", problem: said } });
