/** The words of an import of contacts. */
import type { ContactField, TableSource } from "../../api/types";
import { count, grouped } from "./count";
import { people } from "./people";

const separators: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar" };
const charsets = { utf8: "UTF-8", utf16: "UTF-16", utf32: "UTF-32", gb18030: "GB18030" };

export const contacts = {
  button: "Import…",
  title: "Import contacts",
  choose: "Choose a file",
  another: "Choose another file",
  drop: "Or drop it here: CSV or xlsx, with one row for each user ID. Empty cells change nothing.",
  reading: "Reading the file…",
  unread: "The file could not be read. Choose it again.",
  /** What the file was read as. */
  source: (source: TableSource) =>
    source.kind === "sheet" ? `Sheet “${source.name}”` : `CSV, ${charsets[source.charset]}, separator: ${separators[source.separator] ?? source.separator}`,
  rows: (n: number) => count(n, "row", "rows"),
  columns: "Which column is what",
  fields: { user: people.columns.id, ...people.fields } satisfies Record<ContactField, string>,
  noColumn: "Not in the file",
  column: (n: number, heading: string) => (heading === "" ? `Column ${n}` : `${n}. ${heading}`),
  example: (value: string) => `Such as ${value}`,
  needsUser: "Choose the column with the user IDs to see what would change.",
  outcome: "What would change",
  outcomes: {
    new: (n: number) => `${grouped(n)} new`,
    changed: (n: number) => `${grouped(n)} changed`,
    unchanged: (n: number) => `${grouped(n)} as before`,
    refused: (n: number) => `${grouped(n)} refused`,
  },
  line: "Line",
  row: "Row",
  what: { new: "New", changed: "Changes", unchanged: "Changes", refused: "Why it is refused" },
  yes: "yes",
  no: "no",
  to: "becomes",
  more: (n: number) => `And ${count(n, "more row", "more rows")}.`,
  ifRefused: (n: number) => count(n, "row is refused", "rows are refused"),
  choices: { others: "Leave them out and import the others", none: "Import nothing as long as a row is refused" },
  import: "Import",
  /** Said in the dialog: the person chose it so. */
  nothing: (n: number) => `Nothing was imported, because ${count(n, "row is", "rows are")} refused. Correct the file and choose it again.`,
  told: (people: number, left: number) =>
    `${count(people, "row", "rows")} of contacts imported${left > 0 ? `; ${count(left, "row was", "rows were")} left out` : ""}`,
  known: "Nothing to import: all of this was known already",
};
