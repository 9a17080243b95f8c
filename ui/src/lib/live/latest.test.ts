import { describe, expect, it } from "vitest";

import { Problem } from "../api/problem";
import { Latest } from "./latest";

/** Requests that the test answers when it likes, in any order. */
function requests() {
  const asked: { signal: AbortSignal; answer: (text: string) => void; fail: (cause: unknown) => void }[] = [];
  const latest = new Latest();
  const ask = () => latest.ask<string>((signal) => new Promise((answer, fail) => asked.push({ signal, answer, fail })));
  return { asked, latest, ask };
}

describe("the latest request", () => {
  it("is answered", async () => {
    const { asked, latest, ask } = requests();
    const outcome = ask();
    expect(latest.busy).toBe(true);
    asked[0]?.answer("A");
    expect(await outcome).toEqual({ answer: "A" });
    expect(latest.busy).toBe(false);
  });

  it("wins, also when the one before is answered after it", async () => {
    const { asked, latest, ask } = requests();
    const [first, second] = [ask(), ask()];
    expect([asked[0]?.signal.aborted, asked[1]?.signal.aborted]).toEqual([true, false]);
    asked[1]?.answer("B");
    expect(await second).toEqual({ answer: "B" });
    const third = ask();
    asked[0]?.answer("A");
    expect(await first, "nobody sees it").toBeUndefined();
    expect(latest.busy, "and it does not end the one that runs").toBe(true);
    asked[2]?.answer("C");
    expect(await third).toEqual({ answer: "C" });
  });

  it("is not disturbed by the failure of the one before", async () => {
    const { asked, ask } = requests();
    const [first, second] = [ask(), ask()];
    asked[0]?.fail(new Problem("x", "Broken."));
    expect(await first).toBeUndefined();
    asked[1]?.answer("B");
    expect(await second).toEqual({ answer: "B" });
  });

  it("tells why it failed, also where it failed before it was sent", async () => {
    const { asked, latest, ask } = requests();
    const outcome = ask();
    asked[0]?.fail(new TypeError("Failed to fetch"));
    expect((await outcome)?.problem).toBeInstanceOf(Problem);
    const broken = latest.ask(() => {
      throw new Problem("", "Nothing is listed.");
    });
    expect((await broken)?.problem?.message).toBe("Nothing is listed.");
    expect(latest.busy).toBe(false);
  });

  it("comes to nothing when it is given up, by us or by the browser", async () => {
    const { asked, latest, ask } = requests();
    const given = ask();
    latest.giveUp();
    expect([asked[0]?.signal.aborted, latest.busy]).toEqual([true, false]);
    asked[0]?.answer("A");
    expect(await given).toBeUndefined();
    const left = ask();
    asked[1]?.fail(new DOMException("The page is left.", "AbortError"));
    expect(await left).toBeUndefined();
    expect(latest.busy).toBe(false);
  });
});
