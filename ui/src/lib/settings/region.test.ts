import { describe, expect, it } from "vitest";

import type { Region } from "../api/types";
import { changedDetails, choiceOf, OTHER, placeName, regionOf } from "./region";

const REGIONS: Region[] = [
  { region: "china", host: "console.tim.qq.com" },
  { region: "singapore", host: "adminapisgp.im.qcloud.com" },
];

describe("an app's region", () => {
  it("is chosen from the list, or typed", () => {
    expect(choiceOf("", REGIONS), "nothing is said: by the number").toBe("");
    expect(choiceOf("Singapore", REGIONS), "case does not matter").toBe("singapore");
    expect(choiceOf("adminapisgp.im.qcloud.com", REGIONS), "a host is typed").toBe(OTHER);
    expect(regionOf(OTHER, " http://127.0.0.1:8790 ")).toBe("http://127.0.0.1:8790");
    expect(regionOf("china", "left over"), "what was typed before does not count").toBe("china");
    expect(regionOf("", "left over")).toBe("");
  });
  it("comes back as it went", () => {
    for (const region of ["", "china", "singapore", "x.example", "http://127.0.0.1:8790"]) {
      expect(regionOf(choiceOf(region, REGIONS), region), region).toBe(region);
    }
  });
  it("has a name", () => {
    expect(placeName("adminapisgp.im.qcloud.com", REGIONS)).toBe("Singapore");
    expect(placeName("https://console.tim.qq.com", REGIONS), "with or without a scheme").toBe("China");
    expect(placeName("127.0.0.1:8790", REGIONS), "what is not known is shown as it is").toBe("127.0.0.1:8790");
  });
});

describe("what is saved", () => {
  const stored = { label: "Desk", region: "tokyo", administrator: "boss" };
  it("is what was changed, also what was emptied", () => {
    expect(changedDetails({ label: "", region: "", administrator: "" }, stored)).toEqual({ label: "", region: "", administrator: "" });
    expect(changedDetails({ ...stored, region: "seoul" }, stored)).toEqual({ region: "seoul" });
    expect(changedDetails({ ...stored }, stored), "nothing").toEqual({});
  });
});
