import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { DeliveryDetailRow } from "../api/types";

const LOOK_MS = 400;
const GIVE_UP_MS = 10_000;

/** The test callback of the first steps: sent through the listener, and looked for in the record until it is there. */
export class Probe {
  state = $state<"idle" | "sent" | "arrived" | "missing" | "failed">("idle");
  delivery = $state.raw<DeliveryDetailRow>();
  problem = $state("");

  async send(): Promise<void> {
    this.state = "sent";
    this.delivery = undefined;
    const started = performance.now();
    try {
      const { digest } = await api.test();
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

  async #find(digest: string): Promise<DeliveryDetailRow | undefined> {
    try {
      return await api.delivery(digest);
    } catch (cause) {
      const problem = Problem.from(cause);
      if (problem.status === 404) return undefined;
      throw problem;
    }
  }
}
