import { describe, expect, it } from "vitest";

import catalogue from "../../../dev/catalogue.json";
import { englishIn as english } from "../../../dev/english.mjs";
import openapi from "../../../openapi.json";
import { en } from "./en";
import { zh } from "./zh";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}
const schemas = openapi.components.schemas as unknown as Record<string, Schema>;
const named = (schema: Schema): Schema => (schema.$ref === undefined ? schema : (schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}));

/** Every shape that a schema allows, as an example: each code, and each choice among its arguments. */
function examples(schema: Schema): unknown[] {
  const { type, enum: words, oneOf, items, properties } = named(schema);
  if (words) return words;
  if (oneOf) return oneOf.flatMap(examples);
  if (properties)
    return Object.entries(properties).reduce<object[]>(
      (made, [name, property]) => made.flatMap((one) => examples(property).map((value) => ({ ...one, [name]: value }))),
      [{}],
    );
  if (items) return [examples(items).slice(0, 1)];
  const kind = type?.[0] === "n" ? "null" : String(type);
  return { string: ["§"], boolean: [true, false], integer: [4], null: [null] }[kind] ?? [];
}

const tables = (texts: typeof en): [string, Record<string, (said: never) => string>, string][] => [
  ["notices", texts.subscription.notices, "Notice"],
  ["problems", texts.subscription.problems, "SubscriptionError"],
  ["tencent.happened", texts.tencent.happened, "TencentError"],
  ["tencent.remedies", texts.tencent.remedies, "TencentError"],
  ["tencent.problems", texts.tencent.problems, "TencentError"],
  ["reasons", texts.reasons, "Reason"],
  ["problems.requests", texts.problems.requests, "Problem"],
  ["problems.port", texts.problems.port, "PortClosed"],
  ["problems.forward", texts.problems.forward, "ForwardAnswer"],
  ["problems.rows", texts.problems.rows, "RowRefusal"],
  ["problems.failures", texts.problems.failures, "ExportFailure"],
  ["known.links", texts.known.links, "LinkSays"],
];

describe.each([
  ["English", en],
  ["Chinese", zh],
] as const)("what the program says as codes, in %s", (language, texts) => {
  it.each(tables(texts))("%s", (_, sentences, schema) => {
    const all = examples({ $ref: `#/components/schemas/${schema}` }) as { code: string }[];
    expect(all.length, "the document has them").toBeGreaterThan(3);
    const odd = all.filter((said) => {
      // What an older version has kept is shown as it is.
      if (said.code === "sentence") return false;
      const sentence = sentences[said.code]?.(said as never) ?? "";
      return sentence.length < 4 || /undefined|null|\[object/.test(sentence) || (language === "Chinese" && english(sentence).length > 0);
    });
    expect(odd).toEqual([]);
  });

  it("is a sentence for each callback that is documented", () => {
    const words = catalogue.products.flatMap((product) => product.groups.flatMap((group) => group.commands.map((one) => one.command)));
    expect(Object.keys(texts.catalogue.tells).sort(), "one for each, and none for what is not there").toEqual([...new Set(words)].sort());
    if (language === "English") return;
    const said = JSON.stringify([Object.values(texts.catalogue.tells), { ...texts.catalogue, tells: {} }].flatMap((one) => Object.values(one)).flatMap(every));
    expect(english(said)).toEqual([]);
  });
});

function every(texts: unknown): string[] {
  return typeof texts === "string" ? [texts] : Object.values(texts ?? {}).flatMap(every);
}

describe("English", () => {
  it("is known from what nobody translates", () => {
    expect(english("请检查 SDKSecretKey（HTTP 502）")).toEqual([]);
    expect(english("请检查 the region")).toEqual(["the", "region"]);
  });
});
