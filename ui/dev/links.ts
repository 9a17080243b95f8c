import type { LinkPlan, LinksShown, RefreshingLink } from "../src/lib/api/types";
import { NOW } from "./seed.ts";

const PLAN: LinkPlan = {
  name: "Calls, this week",
  view: {
    kind: "calls",
    format: "xlsx",
    filter: {},
    columns: null,
    profile: "spreadsheet",
    time_format: "local",
    separator: "comma",
    headings: "en",
    tz: "Asia/Shanghai",
  },
  period: "this-week",
};
const KEYS = ["6f1ed002ab5595859014ebf0951522d9", "0f343b0931126a20f133d67c2b018a3b", "eccbc87e4b5ce2fe28308fd9f2a7baf3"];

/** The nth address, with another key each time. */
function address(port: number, nth: number, { view }: LinkPlan): string {
  return `http://127.0.0.1:${port}/links/${KEYS[nth % KEYS.length] ?? ""}/${view.kind}.${view.format}`;
}

interface Answer {
  status: number;
  json: unknown;
}

/** Plays `/api/links`: links that refresh. None until `/api/mock/links`: then two, at a port that is open, or with `?taken` that is not. */
export class MockLinks {
  #state: LinksShown = { on: false, port: 8789, open: false, failed: null, links: [] };
  #keys = 0;

  answer(method: string, name: string, body: string, search: URLSearchParams): Answer | undefined {
    if (name === "mock/links") {
      this.#state = {
        ...this.#state,
        on: true,
        open: !search.has("taken"),
        failed: search.has("taken") ? { reason: "taken", why: "in use" } : null,
        links: [],
      };
      this.#add(PLAN, NOW - 600_000);
      this.#add(
        { ...PLAN, name: "Missed callers for the branch office on the other side of the river", view: { ...PLAN.view, kind: "cases", format: "csv" } },
        null,
      );
      return this.#all();
    }
    if (name === "links" && method === "GET") return this.#all();
    if (name !== "links" && !name.startsWith("links/")) return undefined;
    const sent = JSON.parse(body || "{}") as Partial<LinkPlan & { id: number; plan: LinkPlan; on: boolean; port: number }>;
    const link = this.#state.links.find((one) => one.id === sent.id);
    if (name === "links") this.#add(sent as LinkPlan, null);
    if (name === "links/replace" && link && sent.plan) link.plan = sent.plan;
    if (name === "links/renew" && link) link.address = address(this.#state.port, this.#keys++, link.plan);
    if (name === "links/remove") this.#state.links = this.#state.links.filter((one) => one !== link);
    if (name === "links/switch") this.#switch(sent.on === true, sent.port ?? this.#state.port);
    return this.#all();
  }

  #switch(on: boolean, port: number) {
    const links = this.#state.links.map((link) => ({ ...link, address: link.address.replace(/:\d+/, `:${port}`) }));
    this.#state = { on, port, open: on, failed: null, links };
  }

  #add(plan: LinkPlan, used_ms: number | null) {
    const id = 1 + Math.max(0, ...this.#state.links.map((link) => link.id));
    const link: RefreshingLink = { id, plan, address: address(this.#state.port, this.#keys++, plan), added_ms: NOW, used_ms };
    this.#state.links.push(link);
  }

  #all(): Answer {
    return { status: 200, json: structuredClone(this.#state) };
  }
}
