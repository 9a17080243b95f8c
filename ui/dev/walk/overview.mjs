// The overview: each figure leads to a list of as many calls as it says, and the hours of the week are walked through by keyboard.
import assert from "node:assert/strict";

import { id, walk } from "./stage.mjs";

/** Of many cells, one in so many is followed. */
const CELLS = 9;

walk("overview", async (page, base, text) => {
  await page.goto(base);
  await page.waitForSelector(id("week-cell"));
  assert.match(page.url(), /#\/overview$/, "it is the first screen");
  const links = await page
    .locator("[data-calls]")
    .evaluateAll((found) => found.map((one) => [one.dataset.testid, one.getAttribute("href"), Number(one.dataset.calls)]));
  const kinds = new Set(links.map(([kind]) => kind));
  for (const kind of [
    "overview-live",
    "today-calls",
    "today-unanswered",
    "period-answered",
    "period-result-cancel",
    "day-bar",
    "week-cell",
    "most-made",
    "most-missed",
  ])
    assert.ok(kinds.has(kind), `${kind} leads somewhere`);
  const followed = links.filter(([kind], i) => !["week-cell", "day-bar"].includes(kind) || i % CELLS === 0);
  for (const [kind, href, calls] of followed) {
    await page.goto(`${base}${href}`);
    const total = page.locator(id("list-total"), { hasText: text.list.calls(calls) });
    await total.waitFor({ timeout: 10_000 }).catch(() => assert.fail(`${kind} leads to ${calls} calls: ${href}`));
  }

  await page.goto(`${base}#/overview`);
  await page.waitForSelector(`${id("overview-rooms")}:not([data-rooms="0"])`);
  const inside = await page.locator(id("overview-rooms")).getAttribute("data-rooms");
  await page.click(id("overview-rooms"));
  const total = page.locator(id("list-total"), { hasText: text.list.rooms(Number(inside)) });
  await total.waitFor({ timeout: 10_000 }).catch(() => assert.fail(`somebody is inside of ${inside} rooms`));
  await page.goto(`${base}#/overview`);
  await page.locator(`${id("overview-complete")} a`).click();
  await page.waitForSelector(id("completeness-page"));

  await page.goto(`${base}#/overview`);
  await page.waitForSelector(id("week-cell"));
  const cells = page.locator(id("week-cell"));
  assert.equal(await cells.and(page.locator("[tabindex='0']")).count(), 1, "the week is one stop of the tab key");
  await cells.and(page.locator("[tabindex='0']")).focus();
  const here = () => page.evaluate(() => document.activeElement?.getAttribute("data-cell"));
  const before = await here();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await here(), before, "an arrow key leads to the next hour");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await here(), before, "and back");
  await page.click(`${id("days-table")} summary`);
  await page
    .locator(`${id("days-table")} tbody a`)
    .first()
    .press("Enter");
  await page.waitForSelector(id("call-row"));
});
