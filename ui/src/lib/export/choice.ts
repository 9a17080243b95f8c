import type { ExportKind, ExportRequest, ExportView, Filter, Headings, Separator } from "../api/types";
import { zone } from "../format/time";
import { recall, remember } from "../memory";
import { language } from "../text/language";

export const SEPARATORS: readonly Separator[] = ["comma", "semicolon", "tab"];
/** What a file is for: a format, and of CSV for whom it is made. */
export const USES = ["xlsx", "spreadsheet", "programs", "jsonl", "parquet"] as const;
export type Use = (typeof USES)[number];

/** How the files of a list are written; kept for the next time. */
export interface ExportChoice {
  use: Use;
  time_format: "local" | "iso";
  /** By name, for programs, or in words of this window's language; undefined for the usual of the use. */
  headings?: "names" | "words" | undefined;
  /** What somebody chose; undefined for the usual one. */
  separator?: Separator | undefined;
  /** The columns in their order; undefined for all of them in the usual one. */
  columns?: readonly string[] | undefined;
}

const USUAL: ExportChoice = { use: "xlsx", time_format: "local" };

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");

/** What was chosen for a list; what is not understood is as if it had not been chosen. */
export function readChoice(kind: ExportKind): ExportChoice {
  try {
    const read = JSON.parse(recall(`export.${kind}`)) as Record<string, unknown>;
    return {
      use: USES.find((use) => use === read.use) ?? USUAL.use,
      time_format: read.time_format === "iso" ? "iso" : "local",
      headings: read.headings === "names" || read.headings === "words" ? read.headings : undefined,
      separator: SEPARATORS.find((separator) => separator === read.separator),
      columns: isTexts(read.columns) ? [...new Set(read.columns)] : undefined,
    };
  } catch {
    return USUAL;
  }
}

export function writeChoice(kind: ExportKind, choice: ExportChoice): void {
  remember(`export.${kind}`, JSON.stringify(choice));
}

/** The chosen separator, or the usual one: programs read commas, a spreadsheet reads a semicolon where its language's decimal sign is a comma. */
export function separatorOf({ separator, use }: Pick<ExportChoice, "separator" | "use">, language = globalThis.navigator?.language ?? "en"): Separator {
  if (separator !== undefined) return separator;
  return use === "spreadsheet" && decimalSign(language) === "," ? "semicolon" : "comma";
}

function decimalSign(language: string): string {
  try {
    return new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";
  } catch {
    // A language that the browser itself does not know.
    return ".";
  }
}

/** The chosen headings, or the usual ones: a workbook is read by people. */
export const headingsOf = ({ headings, use }: ExportChoice): "names" | "words" => headings ?? (use === "xlsx" ? "words" : "names");

/** Lines that can be imported again are always whole. */
export const hasColumns = (kind: ExportKind, { use }: Pick<ExportChoice, "use">): boolean => use !== "jsonl" || (kind !== "deliveries" && kind !== "entries");

const formatOf = (use: Use): Pick<ExportRequest, "format" | "profile"> => ({
  format: use === "spreadsheet" || use === "programs" ? "csv" : use,
  profile: use === "programs" ? "programs" : "spreadsheet",
});

export function requestOf(kind: ExportKind, choice: ExportChoice, filter: Filter): ExportRequest {
  const { use, time_format, columns } = choice;
  const headings: Headings = headingsOf(choice) === "words" ? language : "names";
  return {
    kind,
    ...formatOf(use),
    time_format,
    separator: separatorOf(choice),
    headings,
    ...(columns === undefined || !hasColumns(kind, choice) ? {} : { columns: [...columns] }),
    filter,
    tz: zone,
  };
}

/** A list as it is exported by this choice. */
export const viewOf = (kind: ExportKind, choice: ExportChoice, filter: NonNullable<ExportView["filter"]>): ExportView => ({
  columns: null,
  ...requestOf(kind, choice, {}),
  filter,
});

/** A view that somebody has kept, in files for something else: nothing else of it is chosen anew. What is no CSV had no separator. */
export const forUse = (view: ExportView, use: Use): ExportView => ({
  ...view,
  ...formatOf(use),
  ...(view.format === "csv" ? {} : { separator: separatorOf({ use }) }),
  columns: hasColumns(view.kind, { use }) ? (view.columns ?? null) : null,
});

/** What the files of a view are for. */
export const useOf = ({ format, profile }: ExportView): Use => (format === "csv" ? (profile ?? "programs") : format);

/** The chosen columns with this one, or without it; at least one stays. `all` is the usual order. */
export function toggled(all: readonly string[], chosen: readonly string[] | undefined, name: string): readonly string[] | undefined {
  const now = known(all, chosen);
  if (now.includes(name))
    return now.length > 1
      ? told(
          all,
          now.filter((one) => one !== name),
        )
      : chosen;
  // Behind the one that it usually follows, as far as that is there.
  const before = all.slice(0, all.indexOf(name)).findLast((one) => now.includes(one));
  return told(all, now.toSpliced(before === undefined ? 0 : now.indexOf(before) + 1, 0, name));
}

/** The chosen columns with this one a place further up (-1) or down (1). */
export function shifted(all: readonly string[], chosen: readonly string[] | undefined, name: string, by: -1 | 1): readonly string[] | undefined {
  const now = known(all, chosen);
  const at = now.indexOf(name);
  const place = at + by;
  if (at < 0 || place < 0 || place >= now.length) return chosen;
  return told(all, now.toSpliced(at, 1).toSpliced(place, 0, name));
}

/** Those that there are: a later version may no longer have one. */
export function known(all: readonly string[], chosen: readonly string[] | undefined): readonly string[] {
  const found = chosen?.filter((name) => all.includes(name)) ?? [];
  return found.length > 0 ? found : all;
}

/** All of them in the usual order is no choice: columns that come later are in it too. */
const told = (all: readonly string[], now: readonly string[]) => (now.length === all.length && now.every((name, at) => name === all[at]) ? undefined : now);
