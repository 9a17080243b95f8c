/** Addresses of the API that the browser itself goes to. */
import type { ExportRequest } from "./types";

/** Where a browser downloads what the desktop window would save. */
export function exportUrl({ kind, format, filter, ...rest }: ExportRequest): string {
  const words = Object.entries({ ...filter, ...rest }).filter(([, value]) => value !== undefined && value !== null);
  return `/api/export/${kind}.${format}?${new URLSearchParams(words.map(([name, value]) => [name, String(value)]))}`;
}
