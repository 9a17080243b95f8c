import type { App as GeneratedApp, Status as GeneratedStatus } from "../api/types";

/** Whether a secret is there. */
export type SecretState = "none" | "set" | "unreadable";

export interface App extends GeneratedApp {
  administrator: string;
  host: string;
  secret_key: SecretState;
  live_token: SecretState;
  rtc_key: SecretState;
}

export interface Region {
  region: string;
  name: string;
  host: string;
}

export interface Kept {
  kept_in: "key_store" | "file";
  file: string | null;
}

export interface Link {
  link: "listener" | "address" | "commands" | "callback";
  state: "ok" | "attention" | "off" | "unknown";
  proof_ms: number | null;
  message: string;
}

export interface Connection {
  links: Link[];
  clock: { off_seconds: number; message: string } | null;
  hook_address: string;
  callback_url: string;
}

export interface Demo {
  running: boolean;
  filled: number;
  total: number;
  started_ms: number | null;
}

export interface Status extends GeneratedStatus {
  demo: boolean;
}

export interface ProductState {
  product: string;
  state: string;
  error: { code: number; family: string; what: string; do: string } | null;
}

export interface AppCallbacks {
  app: string;
  products: ProductState[];
}

export interface Subscriptions {
  apps: AppCallbacks[];
}

export interface TestSent {
  digest: string;
  status: number;
}
