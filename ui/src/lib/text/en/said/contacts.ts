/** Why a file of contacts, its columns or a row of it cannot be taken. */
import type { BadMapping, CellKind, FileKind, RowRefusal, TableUnreadable } from "../../../api/types";
import type { Sentences } from "../../said";
import { contacts } from "../contacts";
import { grouped } from "../count";

const { fields } = contacts;

const AGAIN = "Format the column as text and enter it again.";
const was: Record<CellKind, string> = {
  text: "text",
  literal: "text",
  number: "a number",
  inexact: "a number",
  date: "a date",
  truth: "a yes or no",
  error: "an error",
};

/** Of a row. */
export const rows: Sentences<RowRefusal> = {
  no_id: () => "There is no user ID.",
  rounded: ({ field, text }) => `${fields[field]}: “${text}” is a number whose digits a spreadsheet may have changed. ${AGAIN}`,
  converted: ({ field, text, was: kind }) => `${fields[field]}: a spreadsheet took “${text}” for ${was[kind]}. ${AGAIN}`,
  formula_failed: ({ field, text }) => `${fields[field]}: “${text}” is an error of a spreadsheet. Correct the formula.`,
  too_long: ({ field, most }) => `${fields[field]}: it is longer than ${grouped(most)} characters.`,
  too_large: ({ field, most }) => `${fields[field]}: it is larger than ${grouped(most)} bytes.`,
  contradicted: ({ field, line }) => `${fields[field]}: line ${line} says something else of the same user ID.`,
  ours_unclear: ({ text }) => `${fields.ours}: “${text}” is neither yes nor no.`,
  same_as_itself: () => `${fields.same_as}: the user ID itself is named.`,
  shifted: ({ cells, headings }) =>
    `There are ${grouped(cells)} cells under ${grouped(headings)} headings. A value with a separator in it needs quotation marks.`,
};

const kinds: Record<FileKind, string> = {
  database: "It is a database, such as a backup.",
  json: "It is JSON. What Calltrail exported as JSON Lines is taken back by the command `calltrail import`.",
  page: "It is a web page or XML. Open it in a spreadsheet program and save it as xlsx.",
  packed: "It is a packed file. Unpack it first.",
};

/** Of a file. */
export const unreadable: Sentences<TableUnreadable> = {
  too_large: () => "The file is larger than 64 MiB. Split it.",
  unpacks_too_large: () => "The workbook unpacks to more than 256 MiB. Save the sheet with the contacts as a file of its own.",
  too_many_rows: () => "The table has more than 200,000 rows. Split it.",
  too_many_columns: ({ line }) => `Row ${line} has more than 256 columns.`,
  too_many_cells: () => "The table has more than 4,000,000 cells. Leave out the columns that are not about contacts.",
  empty: () => "There is nothing in the file.",
  foreign: ({ what }) => `The file is no table of contacts. ${kinds[what]}`,
  not_text: () => "The file is neither text nor a workbook. Save it as xlsx, or as CSV in UTF-8.",
  unknown_charset: () => "The characters of the file are neither Unicode nor GB18030. Save it as UTF-8; Excel calls that “CSV UTF-8”.",
  broken_text: () => "Some characters of the file are broken: it is damaged or was cut off. Save it again.",
  open_quote: ({ line }) => `A quotation mark in the row that begins in line ${line} is never closed.`,
  old_workbook: () => "It is an old workbook (xls), or one with a password. Save it as xlsx without a password, or as CSV.",
  not_workbook: () => "It is a packed file, but no workbook. Save it as xlsx, or as CSV in UTF-8.",
  damaged_workbook: ({ part }) => `The workbook is damaged (${part}). Open it in a spreadsheet program and save it again.`,
};

/** Of its columns. */
export const unmapped: Sentences<BadMapping> = {
  no_user: () => "No column is known to hold the user IDs. Choose it.",
  not_a_field: ({ text }) => `This window named columns in a way that Calltrail could not read (${text}). Please report it.`,
  field_twice: ({ field }) => `Two columns were chosen for ${fields[field]}.`,
  no_column: ({ field, column }) => `${fields[field]}: the file has no column “${column}”.`,
  many_columns: ({ field, column }) => `${fields[field]}: several columns are called “${column}”.`,
  column_twice: ({ column, first, second }) => `The column “${column}” was chosen for both ${fields[first]} and ${fields[second]}.`,
};
