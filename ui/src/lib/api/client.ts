import createClient from "openapi-fetch";

import { zone } from "../format/time";
import { Problem } from "./problem";
import type { paths } from "./schema";
import type { DeliveryDetailRow, ExportRequest, Filter, Product, RoomRow, SecretsChange, Wanted } from "./types";

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

const client = createClient<paths>({ baseUrl: "" });

/** What was answered, or a `Problem` thrown. */
async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok || data === undefined) throw Problem.read(response.status, error);
  return data;
}

const listed = (filter: Filter, page: PageRequest, signal?: AbortSignal) => ({ params: { query: { ...filter, ...page } }, signal });

/** The one place that speaks to Calltrail. */
export const api = {
  status: (signal?: AbortSignal) => answered(client.GET("/api/status", { signal })),
  changes: (after: number, epoch: string, signal?: AbortSignal) => answered(client.GET("/api/changes", { params: { query: { after, epoch } }, signal })),

  calls: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/calls", listed(filter, part, signal))),
  rooms: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/rooms", listed(filter, part, signal))),
  stays: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/stays", listed(filter, part, signal))),
  deliveries: (filter: Filter, part: PageRequest, signal?: AbortSignal) => answered(client.GET("/api/deliveries", listed(filter, part, signal))),

  /** How many rows of a list each of the viewer's days has. */
  days: (list: "calls" | "rooms" | "stays" | "deliveries") => (filter: Filter, signal?: AbortSignal) =>
    answered(client.GET(`/api/${list}/days`, { params: { query: { ...filter, zone } }, signal })),
  facets: (filter: Filter, signal?: AbortSignal) => answered(client.GET("/api/calls/facets", { params: { query: filter }, signal })),

  call: (key: { app: string; call_id: string }, signal?: AbortSignal) => answered(client.GET("/api/call", { params: { query: key }, signal })),
  room: (key: Pick<RoomRow, "app" | "product" | "room_id_type" | "room_id"> & { life?: number }, signal?: AbortSignal) =>
    answered(client.GET("/api/room", { params: { query: key }, signal })),
  delivery: (digest: string, signal?: AbortSignal) =>
    answered(client.GET("/api/delivery", { params: { query: { digest } }, signal })) as Promise<DeliveryDetailRow>,
  refusals: (signal?: AbortSignal) => answered(client.GET("/api/refusals", { signal })),

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
  readCallbacks: (app: string, product: Product) => answered(client.POST("/api/callbacks/{app}/{product}/read", { params: { path: { app, product } } })),
  planCallbacks: (app: string, product: Product, wanted: Wanted, signal?: AbortSignal) =>
    answered(client.POST("/api/callbacks/{app}/{product}/plan", { params: { path: { app, product } }, body: wanted, signal })),
  applyCallbacks: (app: string, product: Product, body: { wanted: Wanted; seen: string; agreed: string[] }) =>
    answered(client.POST("/api/callbacks/{app}/{product}/apply", { params: { path: { app, product } }, body })),
  callbackHistory: (app: string, product: Product, signal?: AbortSignal) =>
    answered(client.GET("/api/callbacks/{app}/{product}/history", { params: { path: { app, product } }, signal })),

  regions: (signal?: AbortSignal) => answered(client.GET("/api/regions", { signal })),
  saveSecrets: (id: string, secrets: SecretsChange) => answered(client.PUT("/api/apps/{id}/secrets", { params: { path: { id } }, body: secrets })),
  signing: (id: string, signal?: AbortSignal) => answered(client.GET("/api/apps/{id}/signing", { params: { path: { id } }, signal })),
  changeSigning: (id: string, on: boolean) => answered(client.PUT("/api/apps/{id}/signing", { params: { path: { id } }, body: { on } })),
  connection: (signal?: AbortSignal) => answered(client.GET("/api/connection", { signal })),

  demo: (signal?: AbortSignal) => answered(client.GET("/api/demo", { signal })),
  startDemo: () => answered(client.POST("/api/demo")),
  removeDemo: () => answered(client.DELETE("/api/demo")),

  startExport: (request: ExportRequest) => answered(client.POST("/api/exports", { body: request })),
  exportJob: (id: string) => answered(client.GET("/api/exports/{id}", { params: { path: { id } } })),
  cancelExport: (id: string) => answered(client.DELETE("/api/exports/{id}", { params: { path: { id } } })),
  /** Where a browser downloads the same file. */
  exportUrl: ({ kind, format, filter, ...rest }: ExportRequest): string => {
    const words = Object.entries({ ...filter, ...rest }).filter(([, value]) => value !== undefined && value !== null);
    return `/api/export/${kind}.${format}?${new URLSearchParams(words.map(([name, value]) => [name, String(value)]))}`;
  },
};
