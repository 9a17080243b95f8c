import { midnight } from "../format/day";

const TICK_MS = 10_000;

/** The clock, for what is shown relative to now. */
class Now {
  /** Unix milliseconds, ten seconds old at most. */
  ms = $state(Date.now());
  /** The first millisecond of today; changes once a day. */
  today = $derived(midnight(this.ms));

  constructor() {
    setInterval(() => (this.ms = Date.now()), TICK_MS);
  }
}

export const now = new Now();
