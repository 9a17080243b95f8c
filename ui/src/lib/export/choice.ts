import type { ExportKind, ExportRequest, Filter, Headings, Separator } from "../api/types";
import { zone } from "../format/time";
import { recall, remember } from "../memory";
import { language } from "../text/language";

export const SEPARATORS: readonly Separator[] = ["comma", "semicolon", "tab"];

/** How files are written; kept for the next time. */
export interface ExportChoice {
  format: "csv" | "jsonl";
  profile: "spreadsheet" | "programs";
  time_format: "local" | "iso";
  /** What the columns are called: by name, for programs and what was made of earlier files, or in words of this window's language. */
  headings: "names" | "words";
  /** What somebody chose; undefined for the usual one. */
  separator?: Separator | undefined;
}

export function readChoice(): ExportChoice {
  const words = recall("export").split(" ");
  return {
    format: words.includes("jsonl") ? "jsonl" : "csv",
    profile: words.includes("programs") ? "programs" : "spreadsheet",
    time_format: words.includes("iso") ? "iso" : "local",
    headings: words.includes("words") ? "words" : "names",
    separator: SEPARATORS.find((separator) => words.includes(separator)),
  };
}

export function writeChoice({ format, profile, time_format, headings, separator }: ExportChoice): void {
  remember("export", [format, profile, time_format, headings, separator ?? ""].join(" ").trim());
}

/** The chosen separator, or the usual one: programs read commas, a spreadsheet reads a semicolon where its language's decimal sign is a comma. */
export function separatorOf({ separator, profile }: ExportChoice, language = globalThis.navigator?.language ?? "en"): Separator {
  if (separator !== undefined) return separator;
  return profile === "spreadsheet" && decimalSign(language) === "," ? "semicolon" : "comma";
}

function decimalSign(language: string): string {
  try {
    return new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";
  } catch {
    // A language that the browser itself does not know.
    return ".";
  }
}

/** The headings as Calltrail is asked for them. */
const headingsOf = ({ headings }: ExportChoice): Headings => (headings === "words" ? language : "names");

/** Only deliveries have a second format: the one that can be imported again. */
export function requestOf(kind: ExportKind, choice: ExportChoice, filter: Filter): ExportRequest {
  return {
    kind,
    ...choice,
    separator: separatorOf(choice),
    headings: headingsOf(choice),
    format: kind === "deliveries" ? choice.format : "csv",
    filter,
    tz: zone,
  };
}
