/** The words of an import of contacts, in Chinese. */
import type { contacts as english } from "../en/contacts";
import { count, grouped } from "./count";
import { people } from "./people";

const separators: Readonly<Record<string, string>> = { ",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线" };
const charsets = { utf8: "UTF-8", utf16: "UTF-16", utf32: "UTF-32", gb18030: "GB18030" };

export const contacts: typeof english = {
  button: "导入…",
  title: "导入联系人",
  choose: "选择文件",
  another: "选择其他文件",
  drop: "也可以将文件拖到这里：CSV 或 xlsx，每个用户 ID 一行。空单元格不会更改任何内容。",
  reading: "正在读取文件…",
  unread: "无法读取文件，请重新选择。",
  source: (source) =>
    source.kind === "sheet" ? `工作表“${source.name}”` : `CSV，${charsets[source.charset]}，分隔符：${separators[source.separator] ?? source.separator}`,
  rows: (n) => count(n, "行"),
  columns: "各列的内容",
  fields: { user: people.columns.id, ...people.fields },
  noColumn: "文件中没有",
  column: (n, heading) => (heading === "" ? `第 ${n} 列` : `${n}. ${heading}`),
  example: (value) => `例如 ${value}`,
  needsUser: "请选择用户 ID 所在的列，然后查看会有哪些变化。",
  outcome: "会有哪些变化",
  outcomes: {
    new: (n) => `新增 ${grouped(n)}`,
    changed: (n) => `更改 ${grouped(n)}`,
    unchanged: (n) => `不变 ${grouped(n)}`,
    refused: (n) => `拒绝 ${grouped(n)}`,
  },
  line: "行号",
  row: "行号",
  what: { new: "新增内容", changed: "更改内容", unchanged: "更改内容", refused: "拒绝原因" },
  yes: "是",
  no: "否",
  to: "改为",
  more: (n) => `还有 ${count(n, "行")}。`,
  ifRefused: (n) => `有 ${count(n, "行")}被拒绝`,
  choices: { others: "跳过这些行，导入其余的行", none: "只要有被拒绝的行，就不导入任何内容" },
  import: "导入",
  nothing: (n) => `没有导入任何内容，因为有 ${count(n, "行")}被拒绝。请更正文件后重新选择。`,
  told: (people, left) => `已导入 ${count(people, "行")}联系人${left > 0 ? `，跳过 ${count(left, "行")}` : ""}`,
  known: "没有需要导入的内容：全部已经记录过",
};
