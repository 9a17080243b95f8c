import { api } from "../api/client";
import type { Problem } from "../api/problem";
import type { Connection } from "../api/types";
import { LiveQuery } from "../live/query.svelte";
import { sameOrNew } from "../live/same.svelte";
import { shell } from "../shell.svelte";
import { Probe } from "../start/probe.svelte";
import { Asking } from "./asking.svelte";

/** Each step from Tencent to the record with its last proof, and the ways to prove it anew. For the life of a screen. */
export class ConnectionProof {
  readonly asking = new Asking();
  readonly probes = { local: new Probe(), public: new Probe() };

  #found = new LiveQuery<object, Connection>((_, signal) => api.connection(signal));

  /** `reachable` says whether there is a public address; undefined while that is not known. */
  constructor(reachable: () => boolean | undefined) {
    // What is said depends on the public address and on the apps as well.
    const about = sameOrNew(() => (reachable() === undefined ? undefined : { reachable: reachable(), apps: shell.apps }));
    $effect(() => this.#found.want(about.value));
    $effect(() => this.#found.follow());
  }

  get answer(): Connection | undefined {
    return this.#found.answer;
  }

  get problem(): Problem | undefined {
    return this.#found.problem;
  }

  retry(): void {
    this.#found.want({});
  }

  /** Asks Tencent what it has stored. */
  async ask(): Promise<void> {
    await this.asking.ask(shell.apps);
    this.#found.changed();
  }

  /** Sends a test through one door. */
  async test(way: "local" | "public"): Promise<void> {
    await this.probes[way].send(way);
    this.#found.changed();
  }
}
