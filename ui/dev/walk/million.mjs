// A list of a million calls: keys, the thumb, the wheel, new calls above, dates.
import assert from "node:assert/strict";

import { chosen, id, shows, walk } from "./stage.mjs";

/** The keys of the rows that can be seen, from the top on. */
const seen = (page) =>
  page.locator("[role=grid]").evaluate((grid) => {
    const { top, bottom } = grid.getBoundingClientRect();
    const inside = [...grid.querySelectorAll("[data-call-id]")].filter(
      (row) => row.getBoundingClientRect().bottom > top + 64 && row.getBoundingClientRect().top < bottom,
    );
    return inside.map((row) => row.dataset.callId);
  });
const marked = (page, row) =>
  page.waitForFunction((index) => document.querySelector("[data-marked][data-call-id]")?.getAttribute("aria-rowindex") === String(index), row + 2);

walk(
  "density",
  async (page, base) => {
    await page.goto(`${base}#/calls`);
    const grid = page.locator("[role=grid]");
    await page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "1000001");
    await grid.evaluate((element) => (element.scrollTop = (element.scrollHeight - element.clientHeight) / 3));
    await page.waitForFunction(() => Number(document.querySelector("[data-row][data-call-id]")?.dataset.row) > 100_000);
    await page.waitForTimeout(400);
    const [top] = await seen(page);
    await page.click(id("columns"));
    await page.click(id("density-compact"));
    await page.keyboard.press("Escape");
    await page.waitForTimeout(400);
    assert.equal((await seen(page))[0], top, "what is read stays at the top when rows become lower");
    await grid.focus();
    await page.keyboard.press("End");
    await marked(page, 999_999);
    assert.equal((await seen(page)).at(-1), "million-999999", "and the end is the end");
    await page.keyboard.press("Home");
    await marked(page, 0);
  },
  { mock: { MOCK: "million" } },
);

walk(
  "a million calls",
  async (page, base, text) => {
    let held = [];
    // The days are not answered until the test lets them: rows do not wait for them.
    await page.route("**/api/calls/days*", (route) => (held ? held.push(route) : route.continue()));
    await page.goto(`${base}#/calls`);
    const grid = page.locator("[role=grid]");
    await page.locator('[data-call-id="million-0"]').waitFor();
    assert.equal(await grid.getAttribute("aria-rowcount"), "-1", "nobody has counted yet");
    const waiting = held;
    held = undefined;
    for (const route of waiting) await route.continue();
    await page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "1000001");
    assert.equal(await page.textContent(id("list-total")), text.list.calls(1_000_000));

    await grid.focus();
    await page.keyboard.press("End");
    await marked(page, 999_999);
    assert.equal((await seen(page)).at(-1), "million-999999", "End goes to the oldest of a million");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("PageUp");
    const up = Number((await chosen(page)).split("-")[1]);
    assert.ok(up < 999_970 && up > 999_900, `two pages up: ${up}`);
    await page.keyboard.press("ArrowDown");
    await marked(page, up + 1);
    assert.equal(
      await page.getAttribute("[role=grid]", "aria-activedescendant"),
      await page.getAttribute("[data-marked]", "id"),
      "who listens hears which row",
    );
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("call-detail"));
    assert.equal(await chosen(page), "million-0", "Home and Enter work before the row is there");
    await page.keyboard.press("Escape");

    // The thumb: half of the way is half of the list, and its date is told meanwhile.
    const told = page.waitForSelector(id("scroll-date"));
    const half = await grid.evaluate((element) => (element.scrollTop = (element.scrollHeight - element.clientHeight) / 2));
    await page.waitForFunction(
      () => document.querySelector("[data-row]")?.hasAttribute("data-call-id") && Number(document.querySelector("[data-row]").dataset.row) > 100_000,
    );
    const middle = Number((await seen(page))[0].split("-")[1]);
    assert.ok(Math.abs(middle - 500_000) < 5_000, `in the middle: ${middle}, at ${half}`);
    await told;
    await page.waitForSelector(id("scroll-date"), { state: "detached" });
    const before = await seen(page);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 68);
    await page.waitForFunction(
      (first) => !document.querySelector(`[data-call-id="${first}"]`) || document.querySelector(`[data-call-id="${first}"]`).getBoundingClientRect().top < 150,
      before[0],
    );
    await page.waitForTimeout(400);
    assert.deepEqual((await seen(page)).slice(0, 5), before.slice(2, 7), "a step of the wheel is two rows, as in a short list");

    // Calls come in, and what is read stays where it is; so does the mark.
    await page.locator(`[data-call-id="${before[8]}"]`).click();
    await page.keyboard.press("Escape");
    const place = () => page.locator(`[data-call-id="${before[8]}"]`).evaluate((row) => Math.round(row.getBoundingClientRect().top));
    const was = await place();
    for (let i = 0; i < 5; i += 1) await page.evaluate(() => fetch("/api/mock/ring"));
    await shows(page, id("list-total"), text.list.calls(1_000_005));
    await page.waitForTimeout(500);
    assert.equal(await place(), was, "new calls above do not move what is read");
    assert.equal(await chosen(page), before[8], "what was marked is marked");
    assert.equal(await page.getAttribute("[data-marked]", "aria-rowindex"), String(Number(before[8].split("-")[1]) + 5 + 2), "and counts five more above it");

    // A date, by keyboard.
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("g");
    const day = await page.locator(id("go-to-date-field")).evaluate((field) => {
      const [from, to] = [new Date(field.min), new Date(field.max)];
      return new Date((from.getTime() + to.getTime()) / 2).toISOString().slice(0, 10);
    });
    await page.fill(id("go-to-date-field"), day);
    await page.keyboard.press("Enter");
    await page.waitForFunction((wanted) => document.querySelector("[data-marked] time")?.getAttribute("title")?.startsWith(wanted), day);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "grid", "and the list has the keyboard");
    await page
      .locator(`${id("scroll-map")} [data-at]`)
      .nth(3)
      .click();
    await page.waitForTimeout(500);
    const month = await page
      .locator(`${id("scroll-map")} [data-at]`)
      .nth(3)
      .getAttribute("data-at");
    assert.equal(Number((await seen(page))[0].split("-")[1]) + 5, Number(month), "a name of the map leads to its newest row");
    const elements = await page.locator("[data-row]").count();
    assert.ok(elements < 80, `only the visible rows are in the document, not ${elements}`);
  },
  { mock: { MOCK: "million" } },
);
