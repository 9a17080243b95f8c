/** The words of exports. */
import { count } from "./count";

export const exports = {
  button: "Export",
  options: "Export options",
  what: "What to export",
  kinds: { calls: "Calls", members: "Members of the calls", rooms: "Rooms", stays: "Stays", deliveries: "Deliveries" },
  format: "File format",
  formats: { csv: "CSV", jsonl: "JSON Lines (can be imported again)" },
  forWhom: "For use in",
  profiles: { spreadsheet: "Excel, LibreOffice, WPS", programs: "Programs" },
  profileHelp: { spreadsheet: "IDs and names stay text: none turns into a number, a date or a formula.", programs: "Plain values, exactly as recorded." },
  between: "Separator",
  separators: { comma: "Comma", semicolon: "Semicolon", tab: "Tab" },
  times: "Times",
  timeFormats: { local: (tz: string) => `Local (${tz})`, iso: "ISO 8601" },
  note: "The file contains exactly what the filters find.",
  choosing: "Choose where to save…",
  running: (rows: number) => `Exporting… ${count(rows, "row", "rows")}`,
  done: (rows: number) => `Exported ${count(rows, "row", "rows")}.`,
  cancelled: "Export cancelled. No file was left behind.",
  failed: "The export failed.",
  cancel: "Cancel",
  dismiss: "Dismiss",
};
