import { describe, expect, it } from "vitest";

import { isStep, onlyOf } from "../api/person";
import type { Figures, PersonFigures } from "../api/types";
import { factsOf } from "./figures";

const alice: PersonFigures = {
  user: "alice & co",
  name: "Alice",
  made: 7,
  made_answered: 3,
  received: 9,
  answered: 5,
  missed: 2,
  declined: 1,
  talk: 600,
  ring: null,
  busiest: 9,
  first: 0,
};

describe("somebody's figures", () => {
  it("lead to the calls that were counted", () => {
    const facts = new Map(factsOf(alice, { kind: "month" }).map((fact) => [fact.name, fact]));
    const whose = "#/calls?period=month&person=alice+%26+co";
    expect([...facts.values()].map(({ name, calls }) => [name, calls])).toEqual([
      ["made", 7],
      ["made_answered", 3],
      ["received", 9],
      ["answered", 5],
      ["missed", 2],
      ["declined", 1],
      ["ring", undefined],
      ["talk", undefined],
    ]);
    expect(facts.get("made")?.href).toBe(`${whose}&part=made`);
    expect(facts.get("made_answered")?.href).toBe(`${whose}&answered=yes&part=made`);
    expect(facts.get("received")?.href).toBe(`${whose}&part=received`);
    expect(facts.get("talk")?.href).toBe(`${whose}&answered=yes`);
    expect([facts.get("ring")?.seconds, facts.get("talk")?.seconds]).toEqual([null, 600]);
  });
  it("are asked in another way of an id that an address would take for a step", () => {
    expect(["alice", "..", ".", "...", "a/.."].map(isStep)).toEqual([false, true, true, false, false]);
    const figures = { calls: 4, people: [alice, { ...alice, user: ".." }] } as unknown as Figures;
    expect(onlyOf(figures, "..").people.map(({ user }) => user)).toEqual([".."]);
    expect(onlyOf(figures, "..").calls).toBe(4);
  });
});
