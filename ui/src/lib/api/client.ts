import { Problem } from "./problem";
import type {
  App,
  CallDetailRow,
  CallRow,
  DeliveryDetailRow,
  DeliveryRow,
  ExportRequest,
  ExportState,
  Filter,
  Page,
  Refusals,
  RoomDetailRow,
  RoomRow,
  Settings,
  Status,
  StayRow,
} from "./types";

/** Which page of a list. */
export interface PageRequest {
  cursor?: string;
  limit?: number;
  total?: boolean;
}

type Query = Record<string, string | number | boolean | undefined>;

async function send<T>(method: string, path: string, query: object = {}, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path + search(query as Query), {
    method,
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.read(response.status, answer);
  return answer as T;
}

function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const words = params.toString();
  return words === "" ? "" : `?${words}`;
}

/** The one place that speaks to Calltrail. */
export const api = {
  status: (signal?: AbortSignal) => send<Status>("GET", "/api/status", {}, undefined, signal),
  changes: (after: number, epoch: string, signal?: AbortSignal) =>
    send<{ epoch: string; revision: number }>("GET", "/api/changes", { after, epoch }, undefined, signal),

  calls: (filter: Filter, page: PageRequest, signal?: AbortSignal) =>
    send<Page<CallRow>>("GET", "/api/calls", { ...filter, ...page }, undefined, signal),
  call: (app: string, call_id: string, signal?: AbortSignal) =>
    send<CallDetailRow>("GET", "/api/call", { app, call_id }, undefined, signal),
  rooms: (filter: Filter, page: PageRequest, signal?: AbortSignal) =>
    send<Page<RoomRow>>("GET", "/api/rooms", { ...filter, ...page }, undefined, signal),
  room: (key: { app: string; product: string; room_id_type: string; room_id: string }, signal?: AbortSignal) =>
    send<RoomDetailRow>("GET", "/api/room", key, undefined, signal),
  stays: (filter: Filter, page: PageRequest, signal?: AbortSignal) =>
    send<Page<StayRow>>("GET", "/api/stays", { ...filter, ...page }, undefined, signal),
  deliveries: (filter: Filter, page: PageRequest, signal?: AbortSignal) =>
    send<Page<DeliveryRow>>("GET", "/api/deliveries", { ...filter, ...page }, undefined, signal),
  delivery: (digest: string, signal?: AbortSignal) =>
    send<DeliveryDetailRow>("GET", "/api/delivery", { digest }, undefined, signal),
  refusals: (signal?: AbortSignal) => send<Refusals>("GET", "/api/refusals", {}, undefined, signal),

  apps: (signal?: AbortSignal) => send<App[]>("GET", "/api/apps", {}, undefined, signal),
  addApp: (id: string, label: string) => send<{ released: number }>("POST", "/api/apps", {}, { id, label }),
  removeApp: (id: string) => send<unknown>("DELETE", `/api/apps/${encodeURIComponent(id)}`),
  release: (digest: string) => send<{ released: boolean }>("POST", "/api/quarantine/release", {}, { digest }),
  settings: (signal?: AbortSignal) => send<Settings>("GET", "/api/settings", {}, undefined, signal),
  savePublicUrl: (public_url: string | null) => send<Settings>("PUT", "/api/settings", {}, { public_url }),
  test: () => send<{ digest: string; status: number }>("POST", "/api/test"),

  startExport: (request: ExportRequest) => send<ExportState>("POST", "/api/exports", {}, request),
  exportState: (id: string) => send<ExportState>("GET", `/api/exports/${encodeURIComponent(id)}`),
  cancelExport: (id: string) => send<unknown>("DELETE", `/api/exports/${encodeURIComponent(id)}`),
  /** Where a browser downloads the same file. */
  exportUrl: ({ kind, format, filter, tz, time_format, profile }: ExportRequest) =>
    `/api/export/${kind}.${format}${search({ ...filter, tz, time_format, profile })}`,
};
