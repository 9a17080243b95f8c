import type { ExportKind, ExportRequest, Filter } from "../api/types";
import { zone } from "../format/time";
import { recall, remember } from "../memory";

/** How files are written; kept for the next time. */
export interface ExportChoice {
  format: "csv" | "jsonl";
  profile: "spreadsheet" | "programs";
  time_format: "local" | "iso";
}

export function readChoice(): ExportChoice {
  const words = recall("export").split(" ");
  return {
    format: words.includes("jsonl") ? "jsonl" : "csv",
    profile: words.includes("programs") ? "programs" : "spreadsheet",
    time_format: words.includes("iso") ? "iso" : "local",
  };
}

export function writeChoice(choice: ExportChoice): void {
  remember("export", Object.values(choice).join(" "));
}

/** Only deliveries have a second format: the one that can be imported again. */
export function requestOf(kind: ExportKind, choice: ExportChoice, filter: Filter): ExportRequest {
  return { kind, ...choice, format: kind === "deliveries" ? choice.format : "csv", filter, tz: zone };
}
