import { api } from "../api/client";
import { Problem } from "../api/problem";
import { shell } from "../shell.svelte";
import { text } from "../text";

const POLL_MS = 400;

/** Reading the archive again: it goes on while another screen is shown. */
class Again {
  /** True while the reading that was begun here is under way. */
  running = $state(false);
  /** How it, or the decision on it, ended. */
  told = $state<string>();
  problem = $state.raw<Problem>();

  /** Begins to read, and waits for the end to say when nothing would change. */
  async begin(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await this.#attempt(async () => {
      await api.beginReview();
      shell.reload();
      let now = await api.condition();
      while (now.rebuilding?.for_review) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        now = await api.condition();
      }
      return now.review_waits || now.rebuild_failed !== null ? undefined : text.review.unchanged;
    });
    this.running = false;
  }

  accept(): Promise<void> {
    return this.#attempt(async () => ((await api.acceptReview()).done ? text.review.accepted : text.review.gone));
  }

  decline(): Promise<void> {
    return this.#attempt(async () => ((await api.declineReview()).done ? text.review.declined : text.review.gone));
  }

  async #attempt(work: () => Promise<string | undefined>): Promise<void> {
    this.told = this.problem = undefined;
    try {
      this.told = await work();
    } catch (cause) {
      this.problem = Problem.from(cause);
    }
    shell.reload();
  }
}

export const again = new Again();
