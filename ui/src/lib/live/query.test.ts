import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "../api/problem";
import { LiveQuery } from "./query.svelte";

/** Answers that the test gives when it likes. */
function questions() {
  const asked: { request: string; signal: AbortSignal; answer: (text: string) => void; fail: (cause: unknown) => void }[] = [];
  const query = new LiveQuery<string, string>((request, signal) => new Promise((answer, fail) => asked.push({ request, signal, answer, fail })));
  return { asked, query };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a live query", () => {
  it("shows the answer to what was asked", async () => {
    const { asked, query } = questions();
    query.want("a");
    expect(query.asking).toBe(true);
    asked[0]?.answer("A");
    await settle();
    expect([query.answer, query.of, query.asking]).toEqual(["A", "a", false]);
  });

  it("drops an answer that comes after the question changed", async () => {
    const { asked, query } = questions();
    query.want("a");
    query.want("b");
    expect(asked[0]?.signal.aborted, "the first question is given up").toBe(true);
    asked[1]?.answer("B");
    await settle();
    asked[0]?.answer("A");
    await settle();
    expect(query.answer, "a late answer does not replace the newer one").toBe("B");
  });

  it("asks again at most twice a second", async () => {
    const { asked, query } = questions();
    query.want("a");
    asked[0]?.answer("1");
    await settle();
    for (let i = 0; i < 50; i += 1) query.changed();
    await vi.advanceTimersByTimeAsync(499);
    expect(asked.length, "half a second has not passed").toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(asked.length, "fifty changes are one question").toBe(2);
  });

  it("does not give up a slow answer because of a change", async () => {
    const { asked, query } = questions();
    query.want("a");
    query.changed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length, "the first is still waited for").toBe(1);
    asked[0]?.answer("1");
    await vi.advanceTimersByTimeAsync(600);
    expect(asked.length, "then the change is asked for").toBe(2);
    expect(query.answer).toBe("1");
  });

  it("keeps the last answer when asking again fails, and says why", async () => {
    const { asked, query } = questions();
    query.want("a");
    asked[0]?.answer("1");
    await settle();
    query.changed();
    await vi.advanceTimersByTimeAsync(600);
    asked[1]?.fail(new Problem("x", "The record is being rebuilt.", 503));
    await settle();
    expect([query.answer, query.problem?.message]).toEqual(["1", "The record is being rebuilt."]);
  });

  it("turns a broken connection into a sentence", async () => {
    const { asked, query } = questions();
    query.want("a");
    asked[0]?.fail(new TypeError("Failed to fetch"));
    await settle();
    expect(query.problem?.message).toContain("did not answer");
  });

  it("asks nothing after it was stopped", async () => {
    const { asked, query } = questions();
    query.want("a");
    asked[0]?.answer("1");
    await settle();
    query.changed();
    query.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.length).toBe(1);
  });
});
