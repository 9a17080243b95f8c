import type { CallDetailRow, StepRow } from "../api/types";
import { dayAndTime } from "../format/time";
import { isolated } from "../format/visible";
import { shortName } from "../people/naming";
import { text, word } from "../text";
import { sourceOf, sourceWords } from "./sources";

/** Times that two sources give for one thing may differ by this much: they are whole seconds of different clocks. */
const TOLERANCE_MS = 10_000;

/** What a person must know before trusting a call: that it went silent, and where its sources disagree. Sentences. */
export function doubts(detail: CallDetailRow, nowMs: number): string[] {
  const { call } = detail;
  const out: string[] = [];
  const since = dayAndTime(call.last_ms, nowMs, true);
  if (call.result === "unknown" && call.ended_ms === null)
    out.push(call.answered_ms === null ? text.calls.silentRinging(since) : text.calls.silentAnswered(since));
  else if (call.result === "unknown") out.push(detail.sources["result"] === undefined ? text.calls.noResult : text.calls.oddResult);

  const joined = detail.members
    .filter((member) => member.role !== "caller" && member.joined_ms !== null)
    .map((member) => shortName({ user: member.user, name: member.user_name }));
  const denies = sourceOf(detail.sources, "answered");
  if (call.answered_ms === null && denies && joined.length > 0) out.push(capital(text.calls.noAnswerBut(denies.says, text.punctuation.all(joined))));
  return [...out, ...disagreements(detail, nowMs)];
}

/** A field that several kinds of message tell, each under its own name. */
interface Told {
  field: string;
  name: string;
  /** What the call says, as `read` gives it. */
  shown: string;
  read: (value: unknown) => string;
  /** How a value is written. */
  words: (value: string) => string;
  record: string;
  v1: string;
  started?: string;
}

function disagreements(detail: CallDetailRow, nowMs: number): string[] {
  const { call, sources } = detail;
  const time = (field: string, name: string, shown: number | null, record: string, v1: string): Told => ({
    field,
    name,
    record,
    v1,
    shown: shown === null ? "" : String(shown),
    read: (value) => (typeof value === "number" && value > 0 ? String(value < 1e11 ? value * 1000 : value) : ""),
    words: (value) => dayAndTime(Number(value), nowMs, true),
  });
  const fields: Told[] = [
    time("started", text.calls.started, call.started_ms, "StartTime", "StartCallTs"),
    time("ended", text.calls.ended, call.ended_ms, "EndTime", "EndTs"),
    {
      field: "media",
      name: text.calls.media,
      shown: call.media,
      read: code,
      words: (value) => isolated(word(text.media, value)),
      record: "MediaType",
      v1: "MediaType",
      started: "MediaType",
    },
    {
      field: "type",
      name: text.calls.type,
      shown: call.type,
      read: code,
      words: (value) => isolated(word(text.types, value)),
      record: "CallType",
      v1: "CallType",
    },
    { field: "caller", name: text.calls.caller, shown: call.caller, read: plain, words: isolated, record: "Caller_Account", v1: "" },
  ];
  // In a group call each member's own result is sent under the same name as that of the call.
  if (call.type !== "group")
    fields.push({
      field: "result",
      name: text.calls.result,
      shown: call.result,
      read: code,
      words: (value) => isolated(word(text.results, value)),
      record: "CallResult",
      v1: "CallResult",
    });
  return fields.flatMap((told) => sentence(told, detail.steps, sources));
}

function sentence(told: Told, steps: readonly StepRow[], sources: CallDetailRow["sources"]): string[] {
  const source = sources[told.field];
  const from = sourceOf(sources, told.field);
  if (typeof source !== "string" || !from || told.shown === "" || told.shown === "unknown") return [];
  const others = (["record", "v1", "v2"] as const)
    .filter((kind) => kind !== kindOf(source))
    .flatMap((kind) => {
      const values = [
        ...new Set(
          steps
            .filter((step) => kindOfStep(step) === kind)
            .map((step) => value(told, kind, step))
            .filter((one) => one !== ""),
        ),
      ];
      if (values.length === 0 || values.some((one) => same(told, one))) return [];
      return [text.calls.otherSays(sourceWords(kind === "record" ? "end_record" : kind).says, text.punctuation.all(values.map(told.words)))];
    });
  return others.length === 0 ? [] : [text.calls.disagree(told.name, told.words(told.shown), from.from, text.punctuation.clauses(others))];
}

/** What a step says of a field; empty where it says nothing. */
function value(told: Told, kind: "record" | "v1" | "v2", step: StepRow): string {
  if (kind === "v1" && told.field === "caller") return squash(step.sent["Role"]) === "caller" ? step.user : "";
  const name = kind === "record" ? told.record : kind === "v1" ? told.v1 : told.started;
  return name === undefined ? "" : told.read(step.sent[name]);
}

function same(told: Told, other: string): boolean {
  const times = told.field === "started" || told.field === "ended";
  return times ? Math.abs(Number(other) - Number(told.shown)) <= TOLERANCE_MS : other === told.shown;
}

const kindOf = (source: string) => (source.endsWith("_record") ? "record" : source);

function kindOfStep(step: StepRow): "record" | "v1" | "v2" {
  if (step.family === "call-v1") return "v1";
  return step.action === "end" && step.user === "" ? "record" : "v2";
}

/** Tencent's spellings (`NormalEnd`, `Not_answer`, `SingleCall`) as the codes of the record; other words as sent. */
const CODES = new Map([...Object.keys(text.results), ...Object.keys(text.media), ...Object.keys(text.types)].map((one) => [squash(one), one]));
[
  ["singlecall", "single"],
  ["multicall", "group"],
  ["groupcall", "group"],
].forEach(([spelling, one]) => CODES.set(spelling ?? "", one ?? ""));

const code = (value: unknown) => CODES.get(squash(value)) ?? plain(value);

function squash(value: unknown): string {
  return plain(value)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const capital = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
