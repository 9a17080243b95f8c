import { api } from "../api/client";
import type { Me } from "../api/types";

/** Who sits at this computer. What is written carries the name, so it is asked for before something is written for the first time. */
class Myself {
  me = $state.raw<Me>();
  /** True while the window asks. */
  asking = $state(false);

  /** Asked once: whoever does not say it goes by the name that the computer knows. */
  #wasAsked = false;
  #answered: (() => void) | undefined;

  async load(): Promise<void> {
    this.me = await api.me();
  }

  async save(name: string): Promise<void> {
    this.me = await api.saveMe(name);
  }

  /** Ready as soon as it is known who writes. */
  async ready(): Promise<void> {
    if (this.me === undefined) await this.load();
    if (this.me?.named || this.#wasAsked) return;
    this.#wasAsked = this.asking = true;
    await new Promise<void>((resolve) => (this.#answered = resolve));
  }

  /** The question was answered, or left. */
  answered(): void {
    this.asking = false;
    this.#answered?.();
  }
}

export const myself = new Myself();
export type { Myself };
