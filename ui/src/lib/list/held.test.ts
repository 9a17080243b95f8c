import { describe, expect, it } from "vitest";

import { Held, PAGE } from "./held";

const page = (from: number, n = PAGE) => Array.from({ length: n }, (_, i) => `r${from + i}`);
const put = (held: Held<string>, at: number, rows = page(at), first = at) => held.with(at, rows, (row) => row, false, { first, last: first + 20 });

describe("the rows that were read", () => {
  it("are found by place and by key", () => {
    const held = put(put(new Held<string>(), 300), 0);
    expect([held.row(0), held.row(399), held.row(100), held.find("r350"), held.find("r100")]).toEqual(["r0", "r399", undefined, 350, undefined]);
    expect([held.has(300), held.has(100)]).toEqual([true, false]);
  });

  it("are kept near to what is seen, and bounded", () => {
    let held = new Held<string>();
    for (let at = 0; at < 100 * PAGE; at += PAGE) held = put(held, at);
    expect(held.size, "not all hundred pages").toBeLessThanOrEqual(24 * PAGE);
    expect([held.row(99 * PAGE), held.row(0)]).toEqual([`r${99 * PAGE}`, undefined]);
  });

  it("are shown until they are read again", () => {
    const aged = put(new Held<string>(), 200).aged();
    expect([aged.has(200), aged.row(200), aged.head()], "what is old is not what is there").toEqual([false, "r200", undefined]);
    const again = put(aged, 200, page(1200));
    expect([again.row(200), again.find("r1200")], "what is fresh goes before it").toEqual(["r1200", 200]);
  });

  it("move with what came in above them", () => {
    const held = put(put(new Held<string>(), 0).aged(), 100, page(95)).moved(() => 5);
    expect([held.row(5), held.row(100), held.find("r0")], "an old page moves, one that was read since does not").toEqual(["r0", "r95", 5]);
  });

  it("do not gather beside one another in a busy record", () => {
    let held = new Held<string>();
    for (let n = 0; n < 50; n += 1)
      held = put(
        put(
          held.aged().moved(() => 5),
          500,
        ),
        600,
      );
    expect(held.size, "the two pages, and what they were before").toBeLessThanOrEqual(4 * PAGE);
  });
});
