import type { Filter } from "../api/types";
import { isDay, type Period, type Preset, PRESETS, windowOf } from "./period";

/** What a list shows, as a person chose it. It is written in the address, so that it can be kept, shared and gone back to. */
export interface View {
  period: Period;
  result: string[];
  verdict: string[];
  user: string;
  media: string;
  type: string;
  room: string;
  app: string;
  product: string;
  family: string;
  /** An id of somebody: all ids of that person are meant. */
  person: string;
  team: string;
  tag: string;
  /** `yes` for what has a note. */
  note: string;
  /** `yes` or `no`: whether people are of ours. */
  ours: string;
  /** `yes` for calls that were answered, `no` for those that ended without an answer. */
  answered: string;
  /** What the person, or somebody, had to do with a call. */
  part: string;
  /** The hour of the week in which a call was started: `4-17 Europe/Berlin`, the day from Monday, 0. */
  hour: string;
  /** `yes`: somebody is in the room now. */
  inside: string;
  /** Which cases: those that are open, or another of their tabs. It is a place more than a filter, and no filter clears it. */
  tab: string;
  /** Whose cases: an id, or `-` for nobody's. */
  assignee: string;
  q: string;
}

export const NOTHING_CHOSEN: View = {
  period: { kind: "any" },
  result: [],
  verdict: [],
  user: "",
  media: "",
  type: "",
  room: "",
  app: "",
  product: "",
  family: "",
  person: "",
  team: "",
  tag: "",
  note: "",
  ours: "",
  answered: "",
  part: "",
  hour: "",
  inside: "",
  tab: "",
  assignee: "",
  q: "",
};

const LISTS = ["result", "verdict"] as const;
const WORDS = [
  "user",
  "media",
  "type",
  "room",
  "app",
  "product",
  "family",
  "person",
  "team",
  "tag",
  "note",
  "ours",
  "answered",
  "part",
  "hour",
  "inside",
  "tab",
  "assignee",
  "q",
] as const;
/** The names that a view has in the address. */
export const VIEW_KEYS: readonly string[] = ["period", "from", "to", ...LISTS, ...WORDS];

/** Reads a view from the address; what is not understood does not restrict. */
export function readView(params: URLSearchParams): View {
  const view: View = { ...NOTHING_CHOSEN, period: readPeriod(params) };
  for (const name of LISTS)
    view[name] = (params.get(name) ?? "")
      .split(",")
      .map((code) => code.trim())
      .filter((code) => code !== "");
  for (const name of WORDS) view[name] = params.get(name) ?? "";
  return view;
}

/** Writes a view for the address; what does not restrict is left out. */
export function writeView(view: View): Record<string, string> {
  const out: Record<string, string> = {};
  if (view.period.kind === "custom") {
    if (view.period.from !== "") out.from = view.period.from;
    if (view.period.to !== "") out.to = view.period.to;
  } else if (view.period.kind !== "any") out.period = view.period.kind;
  for (const name of LISTS) if (view[name].length > 0) out[name] = view[name].join(",");
  for (const name of WORDS) if (view[name] !== "") out[name] = view[name];
  return out;
}

/** What the API is asked. */
export function filterOf(view: View, nowMs: number): Filter {
  const filter: Filter = { ...windowOf(view.period, nowMs) };
  for (const name of ["from", "to"] as const) if (filter[name] === undefined) delete filter[name];
  const words: Record<string, string> = {};
  for (const name of LISTS) if (view[name].length > 0) words[name] = view[name].join(",");
  for (const name of WORDS) if (view[name].trim() !== "") words[name] = view[name].trim();
  // An address may hold any words; the API says so where it does not know one.
  return { ...filter, ...words } as Filter;
}

/** What a person looks for, to be marked where it is found. */
export function soughtIn(view: View): string[] {
  return [view.user, view.room, view.q].map((one) => one.trim()).filter((one) => one !== "");
}

/** True when the view leaves nothing out. */
export function isWide(view: View): boolean {
  return Object.keys(writeView({ ...view, tab: "" })).length === 0;
}

/** The same place without any filter. */
export const widened = (view: View): View => ({ ...NOTHING_CHOSEN, tab: view.tab });

function readPeriod(params: URLSearchParams): Period {
  const preset = params.get("period") ?? "";
  if ((PRESETS as readonly string[]).includes(preset)) return { kind: preset as Preset };
  const day = (name: string) => (isDay(params.get(name) ?? "") ? (params.get(name) ?? "") : "");
  const [from, to] = [day("from"), day("to")];
  return from === "" && to === "" ? { kind: "any" } : { kind: "custom", from, to };
}
