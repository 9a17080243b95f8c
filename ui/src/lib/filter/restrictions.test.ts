import { expect, test } from "vitest";

import { filterOf, readView, VIEW_KEYS } from "./view";
import { restrictions } from "./restrictions";

const of = (address: string) => restrictions(filterOf(readView(new URLSearchParams(address)), 0));

test("each restriction is told in words", () => {
  expect(of("")).toEqual([]);
  expect(restrictions({ q: null, result: null, from: null })).toEqual([]);
  expect(of("period=last7"), "periods are told elsewhere").toEqual([]);
  expect(of("q=an\u202ena&result=not_answer,reject&team=Support&note=yes")).toEqual([
    "“an\\u{202E}na”",
    "Result: Missed, Declined",
    "Team: Support",
    "With notes",
  ]);
  expect(of("hour=4-17 Europe/Berlin&answered=no&part=missed&inside=yes")).toEqual(["Unanswered", "Missed", "Friday 17:00 (Europe/Berlin)", "Somebody inside"]);
  expect(of("result=no_such_result"), "as a later version may say it").toEqual(["Result: no_such_result"]);
  expect(restrictions({ room_id_type: "number", q: "x" }), "what no screen can choose").toEqual(["“x”", "room_id_type: number"]);
});

test("cases are told by their state and whose they are", () => {
  expect(restrictions({ state: "open", assignee: "me" })).toEqual(["State: Open", "Mine"]);
  expect(restrictions({ state: "done,closed_itself" as "done", assignee: "-" })).toEqual(["State: Done", "Nobody’s"]);
});

test("nothing that an address can ask a list for goes untold", () => {
  // What is asked for by a period or a tab is told elsewhere.
  for (const name of VIEW_KEYS.filter((name) => !["period", "from", "to", "tab"].includes(name))) expect(of(`${name}=yes`), name).toHaveLength(1);
});
