import type { ScheduledExport, ScheduledExports, SchedulePlan } from "../src/lib/api/types";
import { NOW } from "./seed.ts";

const DAY = 86_400_000;
const PLAN: SchedulePlan = {
  name: "Calls of each day",
  view: {
    kind: "calls",
    format: "csv",
    filter: {},
    columns: null,
    profile: "spreadsheet",
    time_format: "local",
    separator: "comma",
    headings: "en",
    tz: "Asia/Shanghai",
  },
  every: "day",
  at: "07:00",
  folder: "/home/anna/Reports",
  file_name: "{list} {from}",
  keep: 30,
  report: null,
};
const last = (failure: NonNullable<ScheduledExport["last"]>["failure"]) => ({
  at_ms: NOW - 3 * 3_600_000,
  from: "2025-03-05",
  to: "2025-03-05",
  path: "/home/anna/Reports/calls 2025-03-05.csv",
  rows: 1_284,
  failure,
});
const SCHEDULES: ScheduledExport[] = [
  { id: 1, plan: PLAN, paused: false, next_from: "2025-03-06", next_ms: NOW + DAY / 2, last: last(null) },
  {
    id: 2,
    plan: {
      ...PLAN,
      name: "Missed callers for the branch office on the other side of the river, every week",
      view: { ...PLAN.view, kind: "cases" },
      every: "week",
      folder: "/mnt/share/follow-up",
    },
    paused: false,
    next_from: "2025-02-24",
    next_ms: NOW - DAY,
    last: { ...last({ code: "folder_gone", folder: "/mnt/share/follow-up" }), rows: 0 },
  },
  {
    id: 3,
    plan: { ...PLAN, name: "Report of each month", report: { format: "html", language: "en" }, every: "month" },
    paused: true,
    next_from: "2025-03-01",
    next_ms: NOW + 20 * DAY,
    last: null,
  },
];

interface Answer {
  status: number;
  json: unknown;
}

const ok = (json: unknown): Answer => ({ status: 200, json });

/** Plays `/api/schedules`: exports that are made again and again. None until `/api/mock/schedules`: then several, each in a state of its own. */
export class MockSchedules {
  #schedules: ScheduledExport[] = [];

  answer(method: string, name: string, body: string): Answer | undefined {
    if (name === "mock/schedules") {
      this.#schedules = structuredClone(SCHEDULES);
      return ok({});
    }
    if (name === "schedules" && method === "GET") return this.#all();
    if (!name.startsWith("schedules")) return undefined;
    if (name === "schedules/folder") return ok({ folder: "/home/anna/Reports" });
    const sent = JSON.parse(body || "{}") as Partial<SchedulePlan & { id: number; paused: boolean; plan: SchedulePlan }>;
    const schedule = this.#schedules.find((one) => one.id === sent.id);
    const plan = name === "schedules" ? (sent as SchedulePlan) : sent.plan;
    if (plan && !plan.folder.startsWith("/")) {
      return { status: 400, json: { code: "bad_request", message: "No.", problem: { code: "schedule_folder_not_whole" } } };
    }
    if (name === "schedules" && plan) {
      this.#schedules.push({ id: this.#schedules.length + 1, plan, paused: false, next_from: "2025-03-06", next_ms: NOW + DAY / 2, last: null });
    }
    if (name === "schedules/replace" && schedule && plan) schedule.plan = plan;
    if (name === "schedules/remove") this.#schedules = this.#schedules.filter((one) => one !== schedule);
    if (name === "schedules/pause" && schedule) schedule.paused = sent.paused === true;
    if (name === "schedules/run" && schedule) schedule.last = { ...last(null), at_ms: NOW };
    return this.#all();
  }

  #all(): Answer {
    const all: ScheduledExports = { schedules: structuredClone(this.#schedules) };
    return ok(all);
  }
}
