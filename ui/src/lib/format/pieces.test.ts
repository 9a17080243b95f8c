import { expect, test } from "vitest";

import { piecesOf } from "./pieces";

const apart = (body: string) =>
  piecesOf(body)
    .filter((piece) => piece.apart)
    .map(({ text }) => text);

test("texts from right to left are set apart, each by itself", () => {
  const body = '{"a":"\u05D0","b":"\u05D1 \\" \u05D2","c":"latin","\u05D3":1}';
  expect(apart(body), "an escaped quotation mark ends no text").toEqual(["\u05D0", '\u05D1 \\" \u05D2', "\u05D3"]);
  expect(
    piecesOf(body)
      .map(({ text }) => text)
      .join(""),
    "nothing is lost or moved",
  ).toBe(body);
});

test("a body without them is one piece", () => {
  expect(piecesOf('{"a":"b"}')).toEqual([{ text: '{"a":"b"}', apart: false }]);
});

test("what is no JSON stays whole", () => {
  expect(piecesOf("\u05D0 \u05D1"), "there are no quotation marks to cut at").toEqual([{ text: "\u05D0 \u05D1", apart: false }]);
  expect(piecesOf('"\u05D0'), "nor where one is missing").toEqual([{ text: '"\u05D0', apart: false }]);
});
