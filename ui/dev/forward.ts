import type { ForwardOutcome, ForwardTarget, ForwardTargets } from "../src/lib/api/types";
import { NOW } from "./seed.ts";

const APP = "1400123456";
const none = {
  app: APP,
  private: false,
  answers_before: false,
  added_ms: NOW - 86_400_000 * 30,
  paused: "",
  down: false,
  waiting: 0,
  given_up: 0,
  taken_ms: null,
};
const missed = (missed_ms: number, why: ForwardTarget["missed"], message: string) => ({ missed_ms, missed: why, message });
const never = { missed_ms: null, missed: null, message: "" };

const TARGETS: ForwardTarget[] = [
  { ...none, ...never, id: 1, url: "https://backend.example.com/tencent/callback?token=••••", taken_ms: NOW - 12_000 },
  {
    ...none,
    ...missed(NOW - 9_000, { code: "nothing", why: { code: "refused" } }, "the connection was refused"),
    id: 2,
    url: "http://192.168.1.20:8080/a/rather/long/address/of/an/internal/system/that/takes/callbacks",
    private: true,
    down: true,
    waiting: 1_842,
    taken_ms: NOW - 3 * 3_600_000,
  },
  {
    ...none,
    ...missed(NOW - 60_000, { code: "status", status: 422 }, "the answer was 422"),
    id: 3,
    url: "https://billing.example.com/",
    waiting: 3,
    given_up: 2,
    taken_ms: NOW - 30_000,
  },
  {
    ...none,
    ...missed(NOW - 600_000, { code: "leads_back" }, "the address leads back to Calltrail"),
    id: 4,
    url: "https://proxy.example.com/cb",
    paused: "leads_back",
  },
];

const tried = (attempts: number, minutes: number) => ({ attempts, last_ms: NOW - minutes * 60_000, signed_anew: false });
const OUTCOMES: ForwardOutcome[] = [
  { id: 1, url: TARGETS[0]?.url ?? "", fate: "taken", attempts: 1, last_ms: null, next_ms: null, signed_anew: false, answer: null, message: "" },
  {
    id: 2,
    url: TARGETS[1]?.url ?? "",
    fate: "waiting",
    ...tried(7, 9),
    next_ms: NOW + 900_000,
    answer: { code: "nothing", why: { code: "refused" } },
    message: "",
  },
  { id: 3, url: TARGETS[2]?.url ?? "", fate: "given_up", ...tried(31, 70), next_ms: null, answer: { code: "status", status: 422 }, message: "" },
  { id: 4, url: TARGETS[3]?.url ?? "", fate: "taken", ...tried(3, 42), next_ms: null, signed_anew: true, answer: null, message: "" },
];

interface Answer {
  status: number;
  json: unknown;
}

const ok = (json: unknown): Answer => ({ status: 200, json });
const refused = (status: number, code: string): Answer => ({ status, json: { code: "not_agreed", message: "No.", problem: { code } } });

/** Plays `/api/forward`: the addresses that get callbacks too. None until `/api/mock/forward`: then several, each in a state of its own. */
export class MockForward {
  #targets: ForwardTarget[] = [];

  answer(method: string, name: string, body: string): Answer | undefined {
    if (name === "mock/forward") {
      this.#targets = structuredClone(TARGETS);
      return ok({});
    }
    if (name === "forward" && method === "GET") return this.#all();
    if (name === "forward/outcomes") return ok({ outcomes: this.#targets.length > 0 ? OUTCOMES : [] });
    if (!name.startsWith("forward")) return undefined;
    const asked = JSON.parse(body || "{}") as Partial<Omit<ForwardTarget, "paused"> & { paused: boolean; filter: object }>;
    const { app, url, private: mayBePrivate, id, paused } = asked;
    const target = this.#targets.find((one) => one.id === id);
    if (name === "forward") {
      if (!/^https?:\/\//.test(url ?? "")) return refused(400, "forward_not_web");
      if (/\/\/(localhost|127\.|10\.|192\.168\.)/.test(url ?? "") && !mayBePrivate) return refused(409, "forward_private");
      this.#targets.push({ ...none, ...never, id: this.#targets.length + 1, app: app ?? APP, url: url ?? "" });
    }
    if (name === "forward/remove") this.#targets = this.#targets.filter((one) => one !== target);
    if (name === "forward/pause" && target) target.paused = paused ? "by_person" : "";
    if (name === "forward/answers") for (const one of this.#targets) one.answers_before = one === target && asked.answers_before === true;
    if (name === "forward/retry" && target) {
      const callbacks = target.given_up;
      target.given_up = 0;
      return ok({ callbacks });
    }
    // As many as a day has, and fewer where a filter is asked for.
    if (name === "forward/replay" && target) return ok({ callbacks: Object.keys(asked.filter ?? {}).length > 0 ? 3 : 240 });
    return this.#all();
  }

  #all(): Answer {
    const all: ForwardTargets = { targets: structuredClone(this.#targets) };
    return ok(all);
  }
}
