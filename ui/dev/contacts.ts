import type { ChangingRow, ContactField, ContactsImported, ContactsPreview, RefusedRow, RowRefusal } from "../src/lib/api/types";

export type Imported = ContactsImported;
export type Known = Partial<Record<ContactField, string | boolean>>;

/** What columns are called here; the program knows many more words. */
const HEADINGS: Readonly<Record<ContactField, readonly string[]>> = {
  user: ["user", "user id", "用户id"],
  name: ["name", "姓名"],
  team: ["team", "团队"],
  ours: ["ours", "我方"],
  phone: ["phone", "电话"],
  email: ["email", "邮箱"],
  comment: ["comment", "备注"],
  same_as: ["same_as", "同一人"],
};
const FIELDS = Object.keys(HEADINGS) as ContactField[];
/** So many rows of each kind are shown. */
const SHOWN = 100;

/** The rows of a CSV without quotation marks, as far as the walks need it, held against who is known. */
export function previewOf(body: string, map: string | null, known: (user: string) => Known | undefined) {
  const lines = body.replace(/^\u{feff}/u, "").split(/\r?\n/);
  const first = lines[0] ?? "";
  const separator = [",", ";", "\t"].find((one) => first.includes(one)) ?? ",";
  const header = first.split(separator).map((one) => one.trim());
  const table = lines.slice(1).flatMap((line, at) => (line.trim() === "" ? [] : [{ line: at + 2, cells: line.split(separator).map((one) => one.trim()) }]));
  const mapping = FIELDS.flatMap((field) => {
    const said = map?.split(",").find((one) => one.startsWith(`${field}=`));
    const column =
      said === undefined ? header.findIndex((heading) => HEADINGS[field].includes(heading.toLowerCase())) + 1 : Number(said.slice(field.length + 1));
    return column > 0 ? [{ field, column }] : [];
  });
  const rows: ChangingRow[] = [];
  const plan = {
    counts: { new: 0, changed: 0, unchanged: 0, refused: 0 },
    new: [] as ChangingRow[],
    changed: [] as ChangingRow[],
    unchanged: [] as ChangingRow[],
    refused: [] as RefusedRow[],
  };
  const cell = (cells: readonly string[], field: ContactField) => cells[(mapping.find((one) => one.field === field)?.column ?? 0) - 1] ?? "";
  for (const { line, cells } of table) {
    const user = cell(cells, "user");
    const why = refusal(cells, header.length, user, cell(cells, "ours"));
    if (why) {
      plan.refused.push({ line, user, why });
      plan.counts.refused += 1;
      continue;
    }
    const before = known(user);
    const changes = mapping.flatMap(({ field }) => {
      const said = cell(cells, field);
      if (field === "user" || said === "") return [];
      const after = field !== "ours" ? said : /^(yes|是)$/.test(said) ? true : null;
      const held = before?.[field] || null;
      return held === after ? [] : [{ field, before: held, after }];
    });
    const kind = changes.length === 0 ? "unchanged" : before ? "changed" : "new";
    plan.counts[kind] += 1;
    const row = { line, user, changes };
    rows.push(row);
    if (plan[kind].length < SHOWN) plan[kind].push(row);
  }
  const preview: ContactsPreview = {
    source: { kind: "text", charset: "utf8", separator },
    rows: table.length,
    columns: header.map((heading, at) => ({
      heading,
      examples: table
        .map(({ cells }) => cells[at] ?? "")
        .filter((one) => one !== "")
        .slice(0, 3),
    })),
    mapping,
    plan: mapping.some(({ field }) => field === "user") ? plan : null,
  };
  const problem = body.startsWith("PK") ? { code: "contacts_unreadable", why: { code: "damaged_workbook", part: "xl/workbook.xml" } } : undefined;
  return { preview, rows, problem };
}

function refusal(cells: readonly string[], headings: number, user: string, ours: string): RowRefusal | undefined {
  if (cells.length > headings) return { code: "shifted", cells: cells.length, headings };
  if (user === "") return { code: "no_id" };
  if (/^[\d.]+E\+\d+$/.test(user)) return { code: "rounded", field: "user", text: user };
  if (ours !== "" && !/^(yes|no|是|否)$/.test(ours)) return { code: "ours_unclear", text: ours };
  return undefined;
}
