/** Addresses of the API that the browser itself goes to. */
import type { ExportRequest, ReportRequest } from "./types";

/** Where a browser downloads what the desktop window would save. */
export function exportUrl({ kind, format, filter, ...rest }: ExportRequest): string {
  return `/api/export/${kind}.${format}?${asked({ ...filter, ...rest })}`;
}

/** Where a browser downloads a report, or shows the page to print. */
export function reportUrl({ format, filter, ...rest }: ReportRequest): string {
  return `/api/report.${format}?${asked({ ...filter, ...rest })}`;
}

/** What is asked for; what is not said is left out. */
function asked(words: object): string {
  const said = Object.entries(words).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
}
