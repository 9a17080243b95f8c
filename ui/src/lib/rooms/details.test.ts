import { expect, test } from "vitest";

import type { LifeRow } from "../api/types";
import { detailsOf } from "./details";

const told = (details: Record<string, unknown>, details_ms: Record<string, number> = {}, lives: Partial<LifeRow>[] = []) =>
  detailsOf({ details, details_ms, lives: lives as LifeRow[] }, 0);
const pairs = (list: readonly { name: string; value: string }[]) => list.map(({ name, value }) => [name, value]);

test("seats say who sits and what is off, in the order of their numbers", () => {
  const { seats } = told({
    "seat:10": { Index: 10, IsTakenDisabled: true, IsVideoDisabled: false, IsAudioDisabled: false },
    "seat:2": { Index: 2, Member_Account: "144115200000000123", IsTakenDisabled: false, IsAudioDisabled: true, Glow: 1 },
  });
  expect(
    seats.map(({ name, user, marks }) => [name, user, marks]),
    "10 comes after 2, and what is not known stays",
  ).toEqual([
    ["2", "144115200000000123", ["muted", "Glow: 1"]],
    ["10", "", ["locked"]],
  ]);
});

test("the statistic has words, and what is not known its own name", () => {
  const { totals } = told({ "statistic:TotalMessages": 7, "info:ViewCount": 12, "statistic:TotalLikesReceived": 5021, "statistic:TotalViewers": 182 });
  expect(pairs(totals)).toEqual([
    ["Viewers", "182"],
    ["Likes", "5,021"],
    ["Views", "12"],
    ["TotalMessages", "7"],
  ]);
});

test("settings are told in words", () => {
  const { settings } = told({
    "info:IsMessageDisabled": true,
    "info:IsAudioDisabled": false,
    "info:IsSeatEnabled": true,
    "info:TakeSeatMode": "ApplyToTake",
    "info:CustomInfo": "",
    "info:ScheduleStartTime": 0,
    "info:Category": [1, 2],
    "info:RoomStatus": "Hovering",
  });
  expect(pairs(settings), "what was sent empty says nothing; a value that is not known stays").toEqual([
    ["Messages", "off"],
    ["Microphones", "on"],
    ["Seats enabled", "yes"],
    ["Taking a seat", "on request"],
    ["Categories", "1, 2"],
    ["Status", "Hovering"],
  ]);
});

test("nothing that was told is lost", () => {
  const details = told({
    name: "n",
    owner: "o",
    end_reason: "destroy",
    "admin:ann": true,
    "admin:bob": "yes",
    "metadata:a:b": { x: 1 },
    "info:Warp": 9,
    "seat:x": "?",
    weather: "rain",
  });
  expect(pairs(details.admins), "the value says nothing more").toEqual([["ann", "ann"]]);
  expect(pairs(details.metadata), "only the first colon separates").toEqual([["a:b", '{"x":1}']]);
  expect(pairs(details.other), "unknown ones keep the name of their register; name, owner and end stand elsewhere").toEqual([
    ["admin:bob", "yes"],
    ["info:Warp", "9"],
    ["seat:x", "?"],
    ["weather", "rain"],
  ]);
});

test("what an earlier life told is marked", () => {
  const lives = [
    { n: 2, ended_ms: null },
    { n: 1, ended_ms: 500 },
  ];
  const { totals, metadata } = told({ "statistic:TotalViewers": 1, "metadata:topic": "tea" }, { "statistic:TotalViewers": 500, "metadata:topic": 501 }, lives);
  expect([totals[0]?.earlier, metadata[0]?.earlier], "the totals came with the end of the first life").toEqual([true, false]);
  expect(
    told({ "statistic:TotalViewers": 1 }, { "statistic:TotalViewers": 500 }, [{ n: 1, ended_ms: 500 }]).totals[0]?.earlier,
    "with one life there is no earlier one",
  ).toBe(false);
});
