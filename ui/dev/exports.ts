import type { ExportPreview } from "../src/lib/api/types";
import type { Seeded } from "./seed.ts";

/** What an export would be: a few columns of calls, whichever list is asked for. */
export function previewOf(query: URLSearchParams, calls: Seeded["calls"]): ExportPreview {
  const columns = [
    { name: "call_id", en: "Call ID", zh: "通话 ID" },
    { name: "app", en: "App", zh: "应用" },
    { name: "started", en: "Started", zh: "开始时间" },
    { name: "result", en: "Result", zh: "结果" },
    { name: "caller", en: "Caller", zh: "主叫" },
    { name: "caller_name", en: "Caller name", zh: "主叫姓名" },
    { name: "ring_seconds", en: "Ring time (seconds)", zh: "振铃时长（秒）" },
    { name: "talk_seconds", en: "Talk time (seconds)", zh: "通话时长（秒）" },
  ];
  const names = query.get("columns")?.split(",") ?? columns.map(({ name }) => name);
  const chosen = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const by = query.get("headings");
  const cells = (call: Seeded["calls"][number]): Record<string, string> => ({
    call_id: call.call_id,
    app: call.app,
    started: new Date(call.started_ms).toISOString().slice(0, 19).replace("T", " "),
    result: call.result,
    caller: call.caller,
    caller_name: call.caller_name,
    ring_seconds: String(call.ring_seconds ?? ""),
    talk_seconds: String(call.talk_seconds ?? ""),
  });
  return {
    rows: calls.length,
    bytes: calls.length * 120,
    columns,
    headings: chosen.map((column) => (by === "en" || by === "zh" ? column[by] : column.name)),
    first: calls.slice(0, 5).map((call) => chosen.map(({ name }) => cells(call)[name] ?? "")),
  };
}
