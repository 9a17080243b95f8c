/** Why a file of contacts, its columns or a row of it cannot be taken, in Chinese. */
import type { BadMapping, CellKind, FileKind, RowRefusal, TableUnreadable } from "../../../api/types";
import type { Sentences } from "../../said";
import { contacts } from "../contacts";
import { grouped } from "../count";

const { fields } = contacts;

const AGAIN = "请将该列设为文本格式，然后重新填写。";
const was: Record<CellKind, string> = {
  text: "文本",
  literal: "文本",
  number: "数字",
  inexact: "数字",
  date: "日期",
  truth: "逻辑值",
  error: "错误值",
};

export const rows: Sentences<RowRefusal> = {
  no_id: () => "没有用户 ID。",
  rounded: ({ field, text }) => `${fields[field]}：“${text}”是数字，表格软件可能已改变其中的位数。${AGAIN}`,
  converted: ({ field, text, was: kind }) => `${fields[field]}：表格软件将“${text}”当成了${was[kind]}。${AGAIN}`,
  formula_failed: ({ field, text }) => `${fields[field]}：“${text}”是表格软件的错误值，请更正公式。`,
  too_long: ({ field, most }) => `${fields[field]}：超过 ${grouped(most)} 个字符。`,
  too_large: ({ field, most }) => `${fields[field]}：超过 ${grouped(most)} 字节。`,
  contradicted: ({ field, line }) => `${fields[field]}：第 ${line} 行对同一用户 ID 填写了不同的内容。`,
  ours_unclear: ({ text }) => `${fields.ours}：“${text}”既不是“是”，也不是“否”。`,
  same_as_itself: () => `${fields.same_as}：填写的就是该用户 ID 本身。`,
  shifted: ({ cells, headings }) => `共 ${grouped(headings)} 个列标题，这一行却有 ${grouped(cells)} 个单元格。含有分隔符的内容需要加引号。`,
};

const kinds: Record<FileKind, string> = {
  database: "它是数据库，例如备份。",
  json: "它是 JSON。Calltrail 导出的 JSON Lines 请用命令 `calltrail import` 导入。",
  page: "它是网页或 XML。请用表格软件打开，另存为 xlsx。",
  packed: "它是压缩文件，请先解压。",
};

export const unreadable: Sentences<TableUnreadable> = {
  too_large: () => "文件超过 64 MiB，请拆分后导入。",
  unpacks_too_large: () => "工作簿解压后超过 256 MiB。请将联系人所在的工作表单独保存。",
  too_many_rows: () => "表格超过 200,000 行，请拆分后导入。",
  too_many_columns: ({ line }) => `第 ${line} 行超过 256 列。`,
  too_many_cells: () => "表格超过 4,000,000 个单元格，请删除与联系人无关的列。",
  empty: () => "文件中没有内容。",
  foreign: ({ what }) => `文件不是联系人表格。${kinds[what]}`,
  not_text: () => "文件既不是文本，也不是工作簿。请另存为 xlsx，或 UTF-8 编码的 CSV。",
  unknown_charset: () => "文件编码既不是 Unicode，也不是 GB18030。请另存为 UTF-8 编码，在表格软件中选择“CSV UTF-8”格式。",
  broken_text: () => "文件中有损坏的字符：文件已损坏或不完整，请重新保存。",
  open_quote: ({ line }) => `从第 ${line} 行开始的内容中，有一个引号没有结束。`,
  old_workbook: () => "这是旧格式（xls）的工作簿，或设有密码。请另存为不带密码的 xlsx 或 CSV。",
  not_workbook: () => "这是压缩文件，但不是工作簿。请另存为 xlsx，或 UTF-8 编码的 CSV。",
  damaged_workbook: ({ part }) => `工作簿已损坏（${part}）。请用表格软件打开后重新保存。`,
};

export const unmapped: Sentences<BadMapping> = {
  no_user: () => "无法确定用户 ID 所在的列，请选择。",
  not_a_field: ({ text }) => `窗口指定列的方式 Calltrail 无法识别（${text}）。请反馈此问题。`,
  field_twice: ({ field }) => `为${fields[field]}选择了两列。`,
  no_column: ({ field, column }) => `${fields[field]}：文件中没有“${column}”这一列。`,
  many_columns: ({ field, column }) => `${fields[field]}：有多列名为“${column}”。`,
  column_twice: ({ column, first, second }) => `“${column}”列同时用作${fields[first]}和${fields[second]}。`,
};
