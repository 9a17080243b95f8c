import { count, grouped, inWords } from "./count";

interface Counts {
  calls: number;
  confirmed: number;
  only_callbacks: number;
  only_fetched: number;
}

/** The words of what is known of the record's own completeness. */
export const completeness = {
  go: "What we know we have",
  n: (n: number) => grouped(n),
  span: (from: string, to: string) => `${from} to ${to}`,
  gaps: (n: number) => count(n, "gap", "gaps"),
  counts: ({ calls, confirmed, only_callbacks, only_fetched }: Counts) =>
    `${count(calls, "call", "calls")}: ${grouped(confirmed)} confirmed by Tencent's records, ${grouped(only_callbacks)} known only from callbacks, ${grouped(only_fetched)} only fetched.`,

  sentences: {
    noApp: "There is no app yet, so nothing can arrive.",
    checked: (to: string) => `Tencent's records were read until ${to}, and every call in them is here.`,
    rooms: (to: string, n: number) =>
      `Tencent's records were read until ${to}, and every call in them is here. Who came and went in rooms is not known for ${count(n, "gap", "gaps")}.`,
    fetchable: (n: number, seconds: number) =>
      `${count(n, "gap has", "gaps have")} calls that were not fetched yet. Tencent begins to forget them ${seconds === 0 ? "now" : `in ${inWords(seconds)}`}.`,
    missing: (n: number) => `Calls may be missing in ${count(n, "gap", "gaps")}: Tencent no longer has records of that time.`,
    unchecked: "Nobody has compared this with Tencent's records yet. With the app's secret key, Calltrail reads them every 30 minutes.",
  },

  overview: "At a glance",
  period: "Period",
  periods: { week: "7 days", month: "30 days", quarter: "90 days" },
  callsTitle: "Where calls are known from",
  columns: {
    day: "Day",
    calls: "Calls",
    confirmed: "Confirmed by a record",
    onlyCallbacks: "Only from callbacks",
    onlyFetched: "Only fetched",
    state: "Completeness",
    from: "From",
    to: "Until",
    long: "Length",
    why: "Why",
    itsCalls: "Calls of that time",
  },

  gapsTitle: "When no callback could arrive",
  gapsNone: "In this period, Calltrail could take callbacks all the time.",
  gapsHelp: "Calls can be fetched afterwards from Tencent's records. Who came and went in rooms cannot: it is missing for these times.",
  why: {
    before_first: "Calltrail did not note such times yet",
    stopped: "Calltrail was closed",
    killed: "Calltrail ended unexpectedly, or the power went",
    slept: "The computer was asleep",
    clock_set: "The computer's clock was set",
    port_closed: "The port was closed: paused, or taken by another program",
    not_reached: "The public address did not lead here",
    not_stored: "Nothing could be stored",
  },
  calls: {
    fetched: "Fetched",
    fetchable: (seconds: number) => `Not fetched; can be for another ${inWords(seconds)}`,
    partly_forgotten: (seconds: number) => `Partly forgotten by Tencent; the rest can be fetched for another ${inWords(seconds)}`,
    forgotten: "Tencent has forgotten them",
  },

  fetchedTitle: "Tencent's records",
  fetchedNone: "Nothing was read yet.",
  fetched: (ago: string, records: number) => `read ${ago}, ${count(records, "record", "records")}`,
  newer: "Calls",
  older: "Calls of the older client",
  leftTitle: "Can still be fetched",
  left: (seconds: number) => (seconds < 60 ? "Tencent forgets more of it every minute" : `Tencent begins to forget it in ${inWords(seconds)}`),
  toRecords: "Read call records",

  daysTitle: "By day",
  /** Beside a day's name; `which` is a time of the day, or how many gaps it has. */
  marks: {
    missing: (which: string) => `Calls may be missing (${which})`,
    fetchable: (which: string) => `Calls not fetched yet (${which})`,
    unknown: (which: string) => `Not known to be complete (${which})`,
    rooms: (which: string) => `Fetched afterwards (${which})`,
    checked: () => "Checked",
  },
};
