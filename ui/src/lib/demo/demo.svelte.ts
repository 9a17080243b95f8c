import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { Demo } from "../api/types";
import { route } from "../route.svelte";
import { shell } from "../shell.svelte";

const LOOK_MS = 400;
/** The lists are worth looking at before the last invented message is in. */
const LED_AFTER_MS = 3_000;

/** The invented record: begun, filled and removed. The server keeps it apart from the real one. */
export class InventedRecord {
  busy = $state<"starting" | "removing">();
  /** How far it is filled. */
  state = $state.raw<Demo>();
  problem = $state("");

  /** True while messages are still being invented; how many they will be is not known at once. */
  readonly filling = $derived(this.state !== undefined && this.state.running && (this.state.total === 0 || this.state.filled < this.state.total));

  #looking = false;

  /** Begins it, and leads to the calls as soon as there are some. */
  async start(): Promise<void> {
    this.problem = "";
    this.state = undefined;
    this.busy = "starting";
    try {
      const begun = performance.now();
      this.state = await api.startDemo();
      route.forget();
      shell.reload();
      while (this.filling && performance.now() - begun < LED_AFTER_MS) await this.#look();
      // Who has gone somewhere else meanwhile stays there, and so does who has removed it already.
      if (this.#isStarting() && route.screen === "start") route.go("calls");
      if (this.#isStarting()) void this.follow();
    } catch (cause) {
      this.problem = Problem.from(cause).message;
    }
    if (this.#isStarting()) this.busy = undefined;
  }

  /** False once it is being removed, which can be asked for before the start has led to the calls. */
  #isStarting(): boolean {
    return this.busy === "starting";
  }

  /** Removes it; everything is asked again, because the record is another one. */
  async remove(): Promise<void> {
    this.problem = "";
    this.busy = "removing";
    try {
      await api.removeDemo();
      this.state = undefined;
      route.forget();
      route.go((await api.status()).first_run ? "start" : "calls");
    } catch (cause) {
      this.problem = Problem.from(cause).message;
    }
    shell.reload();
    this.busy = undefined;
  }

  /** Looks how far it is until it is full; a page that was opened meanwhile begins here. */
  async follow(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.state ??= await api.demo();
      while (this.filling) await this.#look();
    } catch {
      // How far it is is not worth a complaint: the banner stays without it.
    }
    this.#looking = false;
  }

  async #look(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (this.state !== undefined) this.state = await api.demo();
  }
}

export const inventedRecord = new InventedRecord();
