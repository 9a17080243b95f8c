/** The shapes of `/api/callbacks` by hand, until the generated ones are there. */
import { Problem } from "../api/problem";

export interface Command {
  command: string;
  tells: string;
  makes: string;
  kind: "record" | "other" | "before" | "switch";
  presets: string[];
  brings: string[];
}
export interface CommandGroup {
  name: string;
  commands: Command[];
}
export interface CatalogueProduct {
  product: string;
  name: string;
  about: string;
  groups: CommandGroup[];
}
export interface CataloguePreset {
  preset: string;
  name: string;
  about: string;
}
export interface Catalogue {
  products: CatalogueProduct[];
  presets: CataloguePreset[];
}
export interface Url {
  shown: string;
  ours: boolean;
}
export interface Snapshot {
  url: Url;
  actions: string[];
}
export interface ProductState {
  product: string;
  state: "unread" | "no_key" | "nothing" | "ours" | "other" | "drift" | "error";
  read_ms: number | null;
  url: Url | null;
  actions: string[];
  error: { code: number; family: string; what: string; do: string } | null;
  drift: { at_ms: number; was: Snapshot | null } | null;
  last_change: number | null;
}
export interface AppSubscriptions {
  app: string;
  products: ProductState[];
  rtc: { has_key: boolean; last_ms: number | null; refused: number };
}
export interface Subscriptions {
  apps: AppSubscriptions[];
}
export type Wanted = { to: "actions"; actions: string[] } | { to: "nothing" } | { to: "restore"; change: number };
export interface Notice {
  code: string;
  level: "stop" | "ask" | "advice";
  message: string;
}
export interface Plan {
  does: "nothing" | "set" | "update" | "delete";
  url_before: Url | null;
  url_after: Url | null;
  added: string[];
  removed: string[];
  kept: string[];
  also: { command: string; because: string }[];
  notices: Notice[];
  seen: string;
}
export interface Change {
  change: number;
  at_ms: number;
  by: "window" | "command" | "elsewhere";
  does: "nothing" | "set" | "update" | "delete";
  before: Snapshot | null;
  after: Snapshot | null;
  answer: { code: number; message: string } | null;
  confirmed: boolean;
}
export interface Applied {
  state: ProductState;
  change: Change;
  confirmed: boolean;
  message: string;
}

async function ask<T>(method: string, address: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/api/${address}`, { method, signal, headers: { "content-type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.read(response.status, answer);
  return answer as T;
}

const at = (app: string, product: string) => `callbacks/${encodeURIComponent(app)}/${encodeURIComponent(product)}`;

export const callbacksApi = {
  catalogue: (signal?: AbortSignal) => ask<Catalogue>("GET", "callbacks/catalogue", undefined, signal),
  callbacks: (signal?: AbortSignal) => ask<Subscriptions>("GET", "callbacks", undefined, signal),
  readCallbacks: (app: string, product: string) => ask<ProductState>("POST", `${at(app, product)}/read`),
  planCallbacks: (app: string, product: string, wanted: Wanted, signal?: AbortSignal) => ask<Plan>("POST", `${at(app, product)}/plan`, wanted, signal),
  applyCallbacks: (app: string, product: string, body: { wanted: Wanted; seen: string; agreed: string[] }) => ask<Applied>("POST", `${at(app, product)}/apply`, body),
  callbackHistory: (app: string, product: string, signal?: AbortSignal) => ask<Change[]>("GET", `${at(app, product)}/history`, undefined, signal),
};
