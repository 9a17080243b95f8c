/** Everything that Calltrail says in English. */
import { apps } from "./apps";
import { callbacks } from "./callbacks";
import { calls } from "./calls";
import { connection, ways } from "./connection";
import { count } from "./count";
import { deliveries, foreign, protocols, refusals } from "./deliveries";
import { demo } from "./demo";
import { exports } from "./exports";
import { filter } from "./filter";
import { punctuation } from "./punctuation";
import { backups, condition, damage, review } from "./record";
import { rooms } from "./rooms";
import { settings } from "./settings";
import { signing } from "./signing";
import { start } from "./start";
import { times } from "./times";
import { words } from "./words";

export const en = {
  product: "Calltrail",

  nav: { calls: "Calls", rooms: "Rooms", deliveries: "Deliveries", settings: "Settings", start: "First steps", damage: "Recovery", review: "Reprocess", ways: "Make it reachable", callbacks: "Callbacks" },

  life: {
    never: "No callback yet",
    last: (ago: string) => `Last callback ${ago}`,
    lost: (since: string) => `No answer from Calltrail since ${since}. What you see is from before then. This window keeps trying by itself.`,
    retrying: "Calltrail cannot receive callbacks right now.",
  },

  keys: "Arrow keys or j and k, Page Up and Page Down, Home and End move; Enter opens, Escape closes, g goes to a date, / searches.",

  list: {
    goToDate: "Go to date",
    retry: "Try again",
    showMore: "Show more",
    close: "Close",
    calls: (n: number) => count(n, "call", "calls"),
    rooms: (n: number) => count(n, "room", "rooms"),
    deliveries: (n: number) => count(n, "delivery", "deliveries"),
  },

  errors: {
    unreachable: "Calltrail did not answer. It may still be starting, or it was stopped.",
    key: "This page needs the key in the link that `calltrail serve` printed. Open that link again.",
    other: (status: number) => `Calltrail answered with error ${status}.`,
  },

  ...words,
  apps,
  backups,
  callbacks,
  calls,
  condition,
  connection,
  damage,
  deliveries,
  demo,
  exports,
  filter,
  foreign,
  protocols,
  punctuation,
  refusals,
  review,
  rooms,
  settings,
  signing,
  start,
  times,
  ways,
};
