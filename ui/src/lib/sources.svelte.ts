import { recall, remember } from "./memory";

/** Whether each line of a detail says where it came from without being pointed at. */
class ShownSources {
  on = $state(recall("sources") === "shown");

  toggle(): void {
    this.on = !this.on;
    remember("sources", this.on ? "shown" : "");
  }
}

export const shownSources = new ShownSources();
