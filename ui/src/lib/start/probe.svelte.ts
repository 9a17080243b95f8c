import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { DeliveryRow } from "../api/types";

const LOOK_MS = 400;
const GIVE_UP_MS = 10_000;

/** A test callback: sent through the listener, and looked for in the record until it is there. */
export class Probe {
  state = $state<"idle" | "sent" | "arrived" | "missing" | "failed">("idle");
  delivery = $state.raw<DeliveryRow>();
  problem = $state("");

  /** Through which door it is sent: straight to the listener, or through the public address. */
  async send(way: "local" | "public" = "local"): Promise<void> {
    this.state = "sent";
    this.delivery = undefined;
    const started = performance.now();
    try {
      const { digest } = await api.test(way);
      while (performance.now() - started < GIVE_UP_MS) {
        const found = await this.#find(digest);
        if (found) {
          this.delivery = found;
          this.state = "arrived";
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      this.state = "missing";
    } catch (cause) {
      this.problem = Problem.from(cause).message;
      this.state = "failed";
    }
  }

  async #find(digest: string): Promise<DeliveryRow | undefined> {
    const { rows } = await api.deliveries({ verdict: "test" }, { at: 0, limit: 50 });
    return rows.find((row) => row.digest === digest);
  }
}
