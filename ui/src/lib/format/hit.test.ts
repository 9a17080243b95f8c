import { expect, it } from "vitest";

import { hitIn } from "./hit";
import { visible } from "./visible";

it.each([
  ["Alice", ["lic"], "lic"],
  ["desk.ALICE", ["alice"], "ALICE"],
  ["straße", ["STRASSE"], "straße"],
  ["ＡＢＣ-1", ["abc"], "ＡＢＣ"],
  ["İstanbul", ["istan"], "İstan"],
  ["a\u200Bb", ["ab"], "a\\u{200B}b"],
  ["王医生", ["医"], "医"],
  ["bob", ["", "  "], undefined],
  ["bob", ["alice"], undefined],
  ["cafe\u0301", ["cafe"], undefined],
  ["carol.meier", ["nobody", "meier"], "meier"],
] as const)("%s has %j at %s", (text, sought, found) => {
  const shown = visible(text);
  const hit = hitIn(shown, sought);
  expect(hit && shown.slice(...hit)).toBe(found);
});
