// The lists: keyboard, what goes last where it is narrow, and what comes in while somebody reads.
import assert from "node:assert/strict";

import { chosen, id, shows, walk } from "./stage.mjs";

walk("keyboard", async (page, base) => {
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).first().waitFor();
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const second = await page.locator(id("call-row")).nth(1).getAttribute("data-call-id");
  assert.equal(await chosen(page), second, "j moves down, past the day heading");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("call-detail"));
  await page.keyboard.press("ArrowDown");
  await page.waitForTimeout(400);
  const third = await page.locator(id("call-row")).nth(2).getAttribute("data-call-id");
  assert.ok((await page.locator(id("call-detail")).textContent()).includes(third), "the panel follows the mark");
  assert.ok(page.url().includes(encodeURIComponent(third)), "what is open is in the address");
  await page.keyboard.press("Escape");
  await page.waitForSelector(id("call-detail"), { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "grid", "the list has the keyboard again");
  await page.keyboard.press("End");
  await page.waitForTimeout(500);
  assert.ok((await page.locator("[role=grid]").evaluate((grid) => grid.scrollTop)) > 3000, "End goes down");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "search", "/ searches");
});

/** What a row is about: the column of each list that goes last. */
const NAMES = { calls: ["call-row", "who"], rooms: ["room-row", "room"], deliveries: ["delivery-row", "command"] };

walk("names go last", async (page, base) => {
  for (const width of [900, 1024, 1360, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [list, [row, column]] of Object.entries(NAMES)) {
      await page.goto(`${base}#/${list}`);
      await page.locator(id(row)).first().waitFor();
      for (const opened of [false, true]) {
        if (opened) await page.locator(id(row)).first().click();
        if (opened) await page.locator("aside").waitFor();
        const { names, beyond } = await page
          .locator(id(row))
          .first()
          .evaluate((element, key) => {
            const cells = [...element.querySelectorAll("[role=gridcell]")];
            const end = element.getBoundingClientRect().right;
            return {
              names: element.querySelector(`[data-column=${key}]`).getBoundingClientRect().width,
              beyond: cells.filter((cell) => cell.getBoundingClientRect().right > end).length,
            };
          }, column);
        assert.ok(names >= 120, `${list} at ${width} pixels${opened ? " with a detail" : ""}: ${names} pixels are left for what a row is about`);
        assert.equal(beyond, 0, `${list} at ${width} pixels: no cell stands out of its row`);
      }
      await page.keyboard.press("Escape");
    }
  }
});

walk("live", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  const grid = page.locator("[role=grid]");
  await page.locator(id("call-row")).first().waitFor();
  await grid.evaluate((element) => (element.scrollTop = 2000));
  await page.waitForTimeout(300);
  const seen = () =>
    grid.evaluate((element) => {
      const box = element.getBoundingClientRect();
      return document
        .elementFromPoint(box.x + 300, box.y + 300)
        ?.closest("[data-call-id]")
        ?.getAttribute("data-call-id");
    });
  const before = await seen();
  for (let i = 0; i < 5; i += 1) await page.evaluate(() => fetch("/api/mock/ring", { method: "GET" }));
  await shows(page, id("list-total"), text.list.calls(5_005));
  await page.waitForTimeout(300);
  assert.equal(await seen(), before, "new calls above do not move what is read");
  await grid.evaluate((element) => (element.scrollTop = 0));
  await page.locator('[data-call-id^="new-"]').first().waitFor();
});
