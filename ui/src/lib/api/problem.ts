import { text } from "../text";
import { say } from "../text/said";
import type { ProblemSaid } from "./types";

/** Why the API did not answer what was asked, in a sentence for people. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 0,
  ) {
    super(message);
    this.name = "Problem";
  }

  /** The answer to a request that failed. */
  static read(status: number, body: unknown): Problem {
    const shape = body as { code?: unknown; message?: unknown; problem?: ProblemSaid | null } | null | undefined;
    const message = shape?.problem ? sentenceOf(shape.problem) : shape?.message;
    if (typeof message === "string" && message !== "") return new Problem(typeof shape?.code === "string" ? shape.code : "", message, status);
    if (status === 401 || status === 403) return new Problem("no_key", text.errors.key, status);
    return new Problem("", text.errors.other(status), status);
  }

  /** From anything that was thrown. */
  static from(cause: unknown): Problem {
    return cause instanceof Problem ? cause : new Problem("unreachable", text.errors.unreachable);
  }
}

/** The sentence of a problem, in the language of this window. */
export const sentenceOf = (problem: ProblemSaid): string => say({ ...text.subscription.problems, ...text.problems.requests }, problem);

/** True for the error of a request that was given up because a newer one replaced it. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "AbortError";
}
