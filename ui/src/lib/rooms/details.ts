import type { RoomDetailRow } from "../api/types";
import { dayAndTime } from "../format/time";
import { isolated } from "../format/visible";
import { grouped, text, word } from "../text";

/** One thing that was told of a room. */
export interface Told {
  /** The register it was told in: unique, and what stands on screen where no word for it is known. */
  register: string;
  name: string;
  value: string;
  /** Each of the values, where the value is a list. */
  values?: string[];
  /** When it was told. */
  at_ms: number | undefined;
  /** It was told in a life that is over, and a newer one has begun. */
  earlier: boolean;
}

/** What was told of one seat. */
export interface Seat extends Told {
  /** Who sits on it; empty when it is free. */
  user: string;
  /** Ready to be shown. */
  marks: string[];
}

/** A room's registers, sorted for a person. Nothing is left out: what is not known here is among `other`. */
export interface Details {
  seats: Seat[];
  admins: Told[];
  metadata: Told[];
  totals: Told[];
  settings: Told[];
  other: Told[];
}

/** Registers that stand elsewhere in the detail. */
const ELSEWHERE = ["name", "owner", "end_reason"];
const TIMES = ["CreateTime", "ScheduleStartTime", "ScheduleEndTime"];
const SEAT_FIELDS = ["Index", "Member_Account", "IsTakenDisabled", "IsVideoDisabled", "IsAudioDisabled"];
/** Words of `info:` that count something, as the statistic does. */
const COUNTED = ["ViewCount"];

export function detailsOf(detail: Pick<RoomDetailRow, "details" | "details_ms" | "lives">, nowMs: number): Details {
  const out: Details = { seats: [], admins: [], metadata: [], totals: [], settings: [], other: [] };
  // With one life, or after the newest has ended, everything is of the life that is shown.
  const earlierUntil = detail.lives[1]?.ended_ms ?? -Infinity;
  for (const [register, value] of Object.entries(detail.details)) {
    if (ELSEWHERE.includes(register)) continue;
    const at_ms = detail.details_ms[register];
    const told: Told = { register, name: register, value: plain(value), at_ms, earlier: at_ms !== undefined && at_ms <= earlierUntil };
    sort(out, told, value, nowMs);
  }
  out.seats.sort((a, b) => Number(a.name) - Number(b.name));
  out.totals.sort((a, b) => rank(a) - rank(b));
  return out;
}

function sort(out: Details, told: Told, value: unknown, nowMs: number): void {
  const colon = told.register.indexOf(":");
  const [kind, name] = [told.register.slice(0, Math.max(colon, 0)), told.register.slice(colon + 1)];
  if (kind === "seat" && isObject(value)) out.seats.push(seat(told, name, value));
  else if (kind === "admin" && value === true) out.admins.push({ ...told, name, value: name });
  else if (kind === "metadata") out.metadata.push({ ...told, name });
  else if ((kind === "statistic" || (kind === "info" && COUNTED.includes(name))) && Object.hasOwn(text.rooms.totalNames, name))
    out.totals.push({ ...told, name: word(text.rooms.totalNames, name), value: amount(value) });
  else if (kind === "statistic") out.totals.push({ ...told, name });
  else if (kind === "info" && Object.hasOwn(text.rooms.settingNames, name)) {
    // A setting that was sent empty says nothing.
    const words = setting(name, value, nowMs);
    if (words !== "")
      out.settings.push({ ...told, name: word(text.rooms.settingNames, name), value: words, ...(Array.isArray(value) ? { values: value.map(plain) } : {}) });
  } else out.other.push(told);
}

function seat(told: Told, name: string, value: Record<string, unknown>): Seat {
  const marks = [
    ...(value["IsTakenDisabled"] === true ? [text.rooms.locked] : []),
    ...(value["IsAudioDisabled"] === true ? [text.rooms.muted] : []),
    ...(value["IsVideoDisabled"] === true ? [text.rooms.cameraOff] : []),
    ...Object.entries(value)
      .filter(([field]) => !SEAT_FIELDS.includes(field))
      .map(([field, one]) => `${isolated(field)}: ${isolated(plain(one))}`),
  ];
  return { ...told, name, user: plain(value["Member_Account"] ?? ""), marks };
}

function setting(name: string, value: unknown, nowMs: number): string {
  // `IsMessageDisabled` false reads better as: messages on.
  if (typeof value === "boolean" && name.endsWith("Disabled")) return value ? text.rooms.off : text.rooms.on;
  if (typeof value === "boolean") return value ? text.rooms.yes : text.rooms.no;
  // Seconds; 0 where nothing is planned.
  if (TIMES.includes(name) && typeof value === "number") return value === 0 ? "" : dayAndTime(value * 1000, nowMs);
  if (Array.isArray(value)) return text.punctuation.all(value.map(plain));
  return word(text.rooms.settingValues, plain(value));
}

/** The order of the words for totals; unknown ones come after. */
function rank(told: Told): number {
  const order = Object.values<string>(text.rooms.totalNames).indexOf(told.name);
  return order < 0 ? Infinity : order;
}

function amount(value: unknown): string {
  return typeof value === "number" ? grouped(value) : plain(value);
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
