/** Everything that Calltrail says in English. */
import { apps } from "./apps";
import { callbacks } from "./callbacks";
import { calls } from "./calls";
import { columns } from "./columns";
import { completeness } from "./completeness";
import { connection, ways } from "./connection";
import { contacts } from "./contacts";
import { count } from "./count";
import { deliveries, foreign, protocols, refusals } from "./deliveries";
import { demo } from "./demo";
import { exports } from "./exports";
import { filter } from "./filter";
import { followUp } from "./followup";
import { notes } from "./notes";
import { overview } from "./overview";
import { me, people, selection, undo } from "./people";
import { punctuation } from "./punctuation";
import { backups, condition, damage, review } from "./record";
import { report } from "./report";
import { rooms } from "./rooms";
import { known } from "./said/links";
import { problems } from "./said/problems";
import { reasons } from "./said/reasons";
import { catalogue } from "./said/catalogue";
import { subscription } from "./said/subscription";
import { tencent } from "./said/tencent";
import { links } from "./links";
import { schedules } from "./schedules";
import { settings } from "./settings";
import { signing } from "./signing";
import { start } from "./start";
import { times } from "./times";
import { words } from "./words";

export const en = {
  product: "Calltrail",

  nav: {
    overview: "Overview",
    calls: "Calls",
    followup: "Follow-up",
    rooms: "Rooms",
    people: "People",
    person: "Person",
    deliveries: "Deliveries",
    settings: "Settings",
    start: "First steps",
    damage: "Recovery",
    review: "Reprocess",
    ways: "Make it reachable",
    callbacks: "Callbacks",
    completeness: "What we know we have",
  },

  life: {
    never: "No callback yet",
    last: (ago: string) => `Last callback ${ago}`,
    lost: (since: string) => `No answer from Calltrail since ${since}. What you see is from before then. This window keeps trying by itself.`,
  },

  keys: "Arrow keys or j and k, Page Up and Page Down, Home and End move; Enter opens, Escape closes, g goes to a date, / searches, s shows where each line of a detail came from.",

  list: {
    goToDate: "Go to date",
    retry: "Try again",
    showMore: "Show more",
    close: "Close",
    cancel: "Cancel",
    loading: "Loading…",
    calls: (n: number) => count(n, "call", "calls"),
    rooms: (n: number) => count(n, "room", "rooms"),
    deliveries: (n: number) => count(n, "delivery", "deliveries"),
  },

  /** Where each line of a detail came from. */
  sourcing: {
    show: "Show sources",
    help: "Show which callback each line came from (S)",
    callback: "callback",
    from: (command: string, at: string) => `from ${command}, ${at}`,
    reported: (at: string) => `reported ${at}`,
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
  catalogue,
  columns,
  completeness,
  condition,
  connection,
  contacts,
  damage,
  deliveries,
  demo,
  exports,
  filter,
  followUp,
  foreign,
  known,
  me,
  notes,
  overview,
  people,
  problems,
  protocols,
  punctuation,
  reasons,
  refusals,
  review,
  report,
  rooms,
  selection,
  schedules,
  links,
  settings,
  signing,
  start,
  subscription,
  tencent,
  times,
  undo,
  ways,
};
