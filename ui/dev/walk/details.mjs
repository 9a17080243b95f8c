// What is opened: a room, a call, a delivery.
import assert from "node:assert/strict";

import { ANY, id, like, walk } from "./stage.mjs";

walk("room of two lives", async (page, base, text) => {
  await page.goto(`${base}#/rooms`);
  await page.locator("[data-room-id=room_1001]").click();
  const whole = await page.locator(id("room-occupancy")).getAttribute("aria-label");
  assert.match(whole, like(text.rooms.chart(ANY, ANY, ANY, ANY, ANY)), "the chart is told in words");
  assert.equal(await page.locator(id("life-row")).count(), 2, "the id was used twice");
  const all = await page.locator(id("stay-row")).count();
  await page.locator("[data-life='1'] button").click();
  await page.waitForSelector(id("life-all"));
  await page.waitForFunction(([selector, before]) => document.querySelectorAll(selector).length < before, [id("stay-row"), all]);
  assert.match(
    await page.locator(id("room-occupancy")).getAttribute("aria-label"),
    like(text.rooms.chart(ANY, ANY, ANY, ANY, 0)),
    "after a life's end nobody is inside",
  );
  assert.ok((await page.locator(".hole").count()) > 0, "a lost heartbeat is a gap in the bar");
  await page.click(id("life-all"));
  await page.waitForFunction(([selector, before]) => document.querySelectorAll(selector).length === before, [id("stay-row"), all]);
  assert.match(
    await page.locator(id("room-seats")).textContent(),
    like(`${text.rooms.seat("1")} ${ANY} student_9 ${text.rooms.muted} ${text.rooms.cameraOff}`),
    "a seat says who sits on it and what is off",
  );
  assert.match(await page.locator(id("room-totals")).textContent(), like(`${text.rooms.totalNames.TotalLikesReceived} 5,021`), "the statistic has words");
  assert.match(await page.locator(id("room-totals")).textContent(), /TotalMessages\s*77/, "what is not known keeps its own name");
  await page.locator("[data-room-id=room_1002]").click();
  await page.waitForSelector(id("life-all"), { state: "detached" });
});

walk("calls with a story", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).nth(4).click();
  const bob = page.locator(`${id("call-detail")} [data-user=bob]`);
  const { invited, joined, left, back } = text.calls;
  assert.match(await bob.textContent(), like([invited, joined, left, back, left].join(ANY)), "somebody left and came back");
  await page.getByText(text.calls.afterEnd).waitFor();
  assert.equal(
    await page.locator(`${id("source")}[data-field=answered]`).getAttribute("title"),
    text.calls.sources.fetched_record.from,
    "a field says where it came from",
  );
  await page.locator(id("call-row")).nth(5).click();
  await page.getByText(like(text.calls.disagree(ANY, ANY, ANY, ANY))).waitFor();
  await page.locator(id("call-row")).nth(7).click();
  await page.getByText(like(text.calls.silentRinging(ANY))).waitFor();
});

walk("quarantine", async (page, base) => {
  await page.goto(`${base}#/deliveries`);
  await page.locator("[data-quarantined]").first().click();
  await page.click(id("quarantine-release"));
  await page.waitForSelector(id("delivery-told"));
  await page.waitForSelector(id("quarantine"), { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "delivery-told", "the keyboard is with what came of it");
});
