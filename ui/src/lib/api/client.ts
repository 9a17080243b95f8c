import createClient from "openapi-fetch";

import { zone } from "../format/time";
import { languageTag } from "../text/language";
import type { CaseChange, CaseDetail, CaseKey, CaseRow, FollowUpSettings } from "./cases";
import { isStep, onlyOf } from "./person";
import { Problem } from "./problem";
import type { paths } from "./schema";
import type {
  CallDetailRow,
  CallRow,
  Comparison,
  Days,
  DeliveryDetailRow,
  DesktopChange,
  Edit,
  EntryRow,
  ExportRequest,
  Figures,
  Filter,
  KeepSending,
  Me,
  NoteRow,
  Page,
  PersonDetail,
  PersonRow,
  Product,
  ReportRequest,
  RoomDetailRow,
  RoomRow,
  LinkPlan,
  SchedulePlan,
  SecretsChange,
  StayRow,
  Subject,
  TagChange,
  TagRow,
  TeamRow,
  Wanted,
} from "./types";

/** What is said of an app beside its number and its secrets. */
export interface Details {
  label: string;
  region: string;
  administrator: string;
}

/** Which page of a list: the one whose first row is the `at`-th, counted from 0, the newest. */
export interface PageRequest {
  at: number;
  limit: number;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The window's language goes with everything that is asked: a native dialog and the names of the demo follow it. */
const client = createClient<paths>({ baseUrl: "", headers: { "accept-language": languageTag } });

/** What was answered, or a `Problem` thrown. */
async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok || data === undefined) throw Problem.read(response.status, error);
  return data;
}

/** The same of an answer that has more than the document says yet: what people add (`people.ts`). */
const more = <T>(asked: Promise<Answer<unknown>>): Promise<T> => answered(asked as Promise<Answer<T>>);

/** Asks what the document does not name yet, in the same way. */
interface Undocumented {
  params?: { query: object };
  body?: object;
  signal?: AbortSignal | undefined;
}
const ask = <T>(method: "GET" | "POST" | "PUT", path: string, options: Undocumented = {}): Promise<T> =>
  more<T>((client[method] as (path: string, options: Undocumented) => Promise<Answer<unknown>>)(path, options));

const listed = (filter: Filter, page: PageRequest, signal?: AbortSignal) => ({ params: { query: { ...filter, ...page } }, signal });

/** A file as body, which the document calls a text. */
const bytes = (file: ArrayBuffer) => ({
  body: file as unknown as string,
  bodySerializer: () => file,
  headers: { "content-type": "application/octet-stream" },
});

/** The one place that speaks to Calltrail. */
export const api = {
  status: (signal?: AbortSignal) => answered(client.GET("/api/status", { signal })),
  /** `inUse` tells the window around the page, which is given up when nobody sees it for long, that something would be lost. */
  changes: (after: number, epoch: string, signal?: AbortSignal, inUse = false) =>
    answered(client.GET("/api/changes", { params: { query: { after, epoch } }, signal, ...(inUse ? { headers: { "x-calltrail-in-use": "1" } } : {}) })),

  calls: (filter: Filter, part: PageRequest, signal?: AbortSignal) => more<Page<CallRow>>(client.GET("/api/calls", listed(filter, part, signal))),
  rooms: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/rooms", listed(filter, part, signal))),
  /** Rooms that somebody is in: how many, and the newest of them. */
  liveRooms: (limit: number, signal?: AbortSignal) =>
    answered(client.GET("/api/rooms", { params: { query: { inside: "yes", limit, total: true } }, signal })).then(({ rows, total }) => ({
      rows,
      total: total ?? rows.length,
    })),
  stays: (filter: Filter, part: PageRequest, signal?: AbortSignal) => more<Page<StayRow>>(client.GET("/api/stays", listed(filter, part, signal))),
  deliveries: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/deliveries", listed(filter, part, signal))),

  /** How many rows of a list each of the viewer's days has. */
  days: (list: "calls" | "cases" | "rooms" | "stays" | "deliveries") => (filter: Filter, signal?: AbortSignal) =>
    answered(client.GET(`/api/${list}/days`, { params: { query: { ...filter, zone } }, signal })),
  /** The calls of a filter in figures, by the viewer's days and hours; beside those of an earlier period. */
  figures: (filter: Filter, compare: Comparison | undefined, signal?: AbortSignal) =>
    answered(client.GET("/api/figures", { params: { query: { ...filter, zone, ...(compare === undefined ? {} : { compare }) } }, signal })),
  /** The calls that somebody was in, with any of the account ids, in figures; `user` is the id that stands for the person. */
  personFigures: (user: string, filter: Filter, signal?: AbortSignal): Promise<Figures> =>
    isStep(user)
      ? api.figures({ ...filter, person: user }, undefined, signal).then((figures) => onlyOf(figures, user))
      : answered(client.GET("/api/people/{user}/figures", { params: { path: { user }, query: { ...filter, zone } }, signal })),
  facets: (filter: Filter, signal?: AbortSignal) => answered(client.GET("/api/calls/facets", { params: { query: filter }, signal })),

  call: (key: { app: string; call_id: string }, signal?: AbortSignal) => more<CallDetailRow>(client.GET("/api/call", { params: { query: key }, signal })),
  room: (key: Pick<RoomRow, "app" | "product" | "room_id_type" | "room_id"> & { life?: number }, signal?: AbortSignal) =>
    more<RoomDetailRow>(client.GET("/api/room", { params: { query: key }, signal })),
  delivery: (digest: string, signal?: AbortSignal) =>
    answered(client.GET("/api/delivery", { params: { query: { digest } }, signal })) as Promise<DeliveryDetailRow>,
  refusals: (signal?: AbortSignal) => answered(client.GET("/api/refusals", { signal })),

  people: (filter: Filter, part: PageRequest, signal?: AbortSignal) =>
    ask<Page<PersonRow>>("GET", "/api/people", { params: { query: { ...filter, ...part } }, signal }),
  peopleDays: (filter: Filter, signal?: AbortSignal) => ask<Days>("GET", "/api/people/days", { params: { query: { ...filter, zone } }, signal }),
  findPeople: (q: string, limit: number, signal?: AbortSignal) =>
    ask<{ people: PersonRow[] }>("GET", "/api/people/find", { params: { query: { q, limit } }, signal }).then(({ people }) => people),
  teams: (signal?: AbortSignal) => ask<{ teams: TeamRow[] }>("GET", "/api/people/teams", { signal }).then(({ teams }) => teams),
  person: (user: string, signal?: AbortSignal) => ask<PersonDetail>("GET", "/api/person", { params: { query: { user } }, signal }),
  tags: (signal?: AbortSignal) => ask<{ tags: TagRow[] }>("GET", "/api/tags", { signal }).then(({ tags }) => tags),
  write: (edits: Edit[]) => ask<{ entries: EntryRow[] }>("POST", "/api/entries", { body: { edits } }).then(({ entries }) => entries),
  undo: (ids: string[]) => ask<{ entries: EntryRow[] }>("POST", "/api/entries/undo", { body: { ids } }).then(({ entries }) => entries),
  /** What was written of something, newest first. */
  entries: (subject: Subject, limit: number, signal?: AbortSignal) =>
    ask<{ entries: EntryRow[] }>("GET", "/api/entries", { params: { query: { subject: JSON.stringify(subject), limit } }, signal }).then(
      ({ entries }) => entries,
    ),
  addNote: (on: Subject, text: string) => ask<NoteRow>("POST", "/api/notes", { body: { on, text } }),
  tagCalls: (change: TagChange<Filter>) => ask<{ ids: string[] }>("POST", "/api/calls/tags", { body: change }).then(({ ids }) => ids),
  renameTag: (from: string, to: string) => ask<{ ids: string[] }>("POST", "/api/tags/rename", { body: { from, to } }).then(({ ids }) => ids),
  cases: (filter: Filter, part: PageRequest, signal?: AbortSignal) => more<Page<CaseRow>>(client.GET("/api/cases", listed(filter, part, signal))),
  /** How many are open, without their figures: these look at each case that was closed. */
  openCases: (signal?: AbortSignal) =>
    answered(client.GET("/api/cases", { params: { query: { state: "open", limit: 1, total: true } }, signal })).then(({ total }) => total ?? 0),
  caseFigures: (filter: Filter, signal?: AbortSignal) => answered(client.GET("/api/cases/figures", { params: { query: filter }, signal })),
  /** The case that has this miss. */
  case: ({ app, call_id }: CaseKey, signal?: AbortSignal) => more<CaseDetail>(client.GET("/api/case", { params: { query: { app, call_id } }, signal })),
  setCases: (change: CaseChange) => answered(client.POST("/api/cases", { body: change })).then(({ ids }) => ids),
  followUpSettings: (signal?: AbortSignal) => more<FollowUpSettings>(client.GET("/api/follow-up/settings", { signal })),
  saveFollowUpSettings: (settings: FollowUpSettings) => answered(client.PUT("/api/follow-up/settings", { body: settings })).then(({ ids }) => ids),

  /** What an import of this file would do; without `map` its columns are guessed. */
  previewContacts: (file: ArrayBuffer, map: string | undefined, signal?: AbortSignal) =>
    answered(client.POST("/api/contacts/preview", { params: { query: map === undefined ? {} : { map } }, ...bytes(file), signal })),
  importContacts: (file: ArrayBuffer, map: string, all_or_none: boolean) =>
    answered(client.POST("/api/contacts/import", { params: { query: { map, all_or_none } }, ...bytes(file) })),
  me: (signal?: AbortSignal) => ask<Me>("GET", "/api/me", { signal }),
  saveMe: (name: string) => ask<Me>("PUT", "/api/me", { body: { name } }),

  apps: (signal?: AbortSignal) => answered(client.GET("/api/apps", { signal })),
  /** Adds an app, or changes one that is there. */
  addApp: (id: string, details: Partial<Details>) => answered(client.POST("/api/apps", { body: { id, ...details } })),
  removeApp: (id: string) => answered(client.DELETE("/api/apps/{id}", { params: { path: { id } } })),
  release: (digest: string) => answered(client.POST("/api/quarantine/release", { body: { digest } })),
  settings: (signal?: AbortSignal) => answered(client.GET("/api/settings", { signal })),
  savePublicUrl: (public_url: string | null) => answered(client.PUT("/api/settings", { body: { public_url } })),
  test: (way: "local" | "public" = "local") => answered(client.POST("/api/test", { params: { query: { way } } })),

  condition: (signal?: AbortSignal) => answered(client.GET("/api/condition", { signal })),
  backups: (signal?: AbortSignal) => answered(client.GET("/api/backups", { signal })),
  makeBackup: () => answered(client.POST("/api/backups")),
  restoreBackup: (name: string) => answered(client.POST("/api/backups/restore", { body: { name } })),
  damage: (signal?: AbortSignal) => answered(client.GET("/api/damage", { signal })),
  damageSeen: (name: string) => answered(client.POST("/api/damage/seen", { body: { name } })),
  review: (signal?: AbortSignal) => answered(client.GET("/api/review", { signal })),
  beginReview: () => answered(client.POST("/api/review")),
  acceptReview: () => answered(client.POST("/api/review/accept")),
  declineReview: () => answered(client.POST("/api/review/decline")),

  catalogue: (signal?: AbortSignal) => answered(client.GET("/api/callbacks/catalogue", { signal })),
  callbacks: (signal?: AbortSignal) => answered(client.GET("/api/callbacks", { signal })),
  /** How complete the record of a period is, by the viewer's days. */
  completeness: (period: { from?: number; to?: number; app?: string }, signal?: AbortSignal) =>
    answered(client.GET("/api/completeness", { params: { query: { ...period, tz: zone } }, signal })),
  backfill: (app: string, signal?: AbortSignal) => answered(client.GET("/api/backfill", { params: { query: { app } }, signal })),
  startBackfill: (app: string) => answered(client.POST("/api/backfill", { body: { app } })),
  forward: (signal?: AbortSignal) => answered(client.GET("/api/forward", { signal })),
  addForward: (app: string, url: string, private_: boolean) => answered(client.POST("/api/forward", { body: { app, url, private: private_ } })),
  removeForward: (id: number) => answered(client.POST("/api/forward/remove", { body: { id } })),
  pauseForward: (id: number, paused: boolean) => answered(client.POST("/api/forward/pause", { body: { id, paused } })),
  schedules: (signal?: AbortSignal) => answered(client.GET("/api/schedules", { signal })),
  addSchedule: (plan: SchedulePlan) => answered(client.POST("/api/schedules", { body: plan })),
  replaceSchedule: (id: number, plan: SchedulePlan) => answered(client.POST("/api/schedules/replace", { body: { id, plan } })),
  removeSchedule: (id: number) => answered(client.POST("/api/schedules/remove", { body: { id } })),
  pauseSchedule: (id: number, paused: boolean) => answered(client.POST("/api/schedules/pause", { body: { id, paused } })),
  chooseScheduleFolder: () => answered(client.POST("/api/schedules/folder")),
  runSchedule: (id: number) => answered(client.POST("/api/schedules/run", { body: { id } })),
  links: (signal?: AbortSignal) => answered(client.GET("/api/links", { signal })),
  addLink: (plan: LinkPlan) => answered(client.POST("/api/links", { body: plan })),
  replaceLink: (id: number, plan: LinkPlan) => answered(client.POST("/api/links/replace", { body: { id, plan } })),
  renewLink: (id: number) => answered(client.POST("/api/links/renew", { body: { id } })),
  removeLink: (id: number) => answered(client.POST("/api/links/remove", { body: { id } })),
  switchLinks: (on: boolean, port: number | undefined) => answered(client.POST("/api/links/switch", { body: port === undefined ? { on } : { on, port } })),
  answersForward: (id: number, answers_before: boolean) => answered(client.POST("/api/forward/answers", { body: { id, answers_before } })),
  /** What became of a delivery at each other address that it goes to. */
  forwardOutcomes: (digest: string, signal?: AbortSignal) => answered(client.GET("/api/forward/outcomes", { params: { query: { digest } }, signal })),
  replayForward: (id: number, from_ms: number, to_ms: number, filter: Filter) =>
    answered(client.POST("/api/forward/replay", { body: { id, from_ms, to_ms, filter } })),
  retryForward: (id: number) => answered(client.POST("/api/forward/retry", { body: { id } })),
  cancelBackfill: (app: string) => answered(client.POST("/api/backfill/cancel", { body: { app } })),
  readCallbacks: (app: string, product: Product) => answered(client.POST("/api/callbacks/{app}/{product}/read", { params: { path: { app, product } } })),
  planCallbacks: (app: string, product: Product, wanted: Wanted, signal?: AbortSignal) =>
    answered(client.POST("/api/callbacks/{app}/{product}/plan", { params: { path: { app, product } }, body: wanted, signal })),
  applyCallbacks: (app: string, product: Product, body: { wanted: Wanted; seen: string; agreed: string[]; keep_sending?: KeepSending }) =>
    answered(client.POST("/api/callbacks/{app}/{product}/apply", { params: { path: { app, product } }, body })),
  callbackHistory: (app: string, product: Product, signal?: AbortSignal) =>
    answered(client.GET("/api/callbacks/{app}/{product}/history", { params: { path: { app, product } }, signal })),

  regions: (signal?: AbortSignal) => answered(client.GET("/api/regions", { signal })),
  saveSecrets: (id: string, secrets: SecretsChange) => answered(client.PUT("/api/apps/{id}/secrets", { params: { path: { id } }, body: secrets })),
  signing: (id: string, signal?: AbortSignal) => answered(client.GET("/api/apps/{id}/signing", { params: { path: { id } }, signal })),
  changeSigning: (id: string, on: boolean) => answered(client.PUT("/api/apps/{id}/signing", { params: { path: { id } }, body: { on } })),
  connection: (signal?: AbortSignal) => answered(client.GET("/api/connection", { signal })),

  pause: () => answered(client.POST("/api/pause")),
  endPause: () => answered(client.DELETE("/api/pause")),
  desktop: (signal?: AbortSignal) => answered(client.GET("/api/desktop", { signal })),
  changeDesktop: (change: DesktopChange) => answered(client.PUT("/api/desktop", { body: change })),
  quit: () => answered(client.POST("/api/desktop/quit")),

  demo: (signal?: AbortSignal) => answered(client.GET("/api/demo", { signal })),
  startDemo: () => answered(client.POST("/api/demo")),
  removeDemo: () => answered(client.DELETE("/api/demo")),

  exportPreview: ({ filter, columns, ...rest }: ExportRequest, signal?: AbortSignal) =>
    answered(
      client.GET("/api/export-preview", {
        params: { query: { ...filter, ...rest, ...(columns === undefined ? {} : { columns: columns.join(",") }) } },
        signal,
      }),
    ),
  startExport: (request: ExportRequest) => answered(client.POST("/api/exports", { body: request })),
  startReport: (request: ReportRequest) => answered(client.POST("/api/reports", { body: request })),
  exportJob: (id: string) => answered(client.GET("/api/exports/{id}", { params: { path: { id } } })),
  /** Shows its file where it lies. */
  showExport: (id: string) => answered(client.POST("/api/exports/{id}/show", { params: { path: { id } } })),
  cancelExport: (id: string) => answered(client.DELETE("/api/exports/{id}", { params: { path: { id } } })),
};
