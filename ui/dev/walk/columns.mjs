// The columns of a list: their order, width and choice, by mouse and by keyboard, and how close the rows stand.
import assert from "node:assert/strict";

import { id, shows, walk } from "./stage.mjs";

const heads = (page) => page.locator("[data-head]").evaluateAll((all) => all.map((head) => head.dataset.head).join(" "));
const cells = (page) =>
  page
    .locator(id("call-row"))
    .first()
    .evaluate((row) => [...row.querySelectorAll("[data-column]")].map((cell) => cell.dataset.column).join(" "));
const widthOf = (page, key) => page.locator(`[data-head=${key}]`).evaluate((head) => head.getBoundingClientRect().width);
const middleOf = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width / 2, y + height / 2];
};
const told = (page, words) => shows(page, id("columns-told"), words);

walk("columns by mouse", async (page, base) => {
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).first().waitFor();
  assert.equal(await heads(page), "started who result type ring talk members added");
  assert.equal(await page.getAttribute("[data-head=started]", "aria-sort"), "descending", "the newest come first, and nothing else can be chosen");

  // To another place.
  await page.mouse.move(...(await middleOf(page.locator("[data-head=talk]"))));
  await page.mouse.down();
  const [x, y] = await middleOf(page.locator("[data-head=who]"));
  await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.move(x - 60, y, { steps: 5 });
  assert.equal(await page.locator(".drop").count(), 1, "where it would stand is shown");
  await page.mouse.up();
  assert.equal(await heads(page), "started talk who result type ring members added");
  assert.equal(await cells(page), await heads(page), "the cells go with their head");
  await page.mouse.move(...(await middleOf(page.locator("[data-head=ring]"))));
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 5 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  assert.equal(await heads(page), "started talk who result type ring members added", "Escape gives it up");

  // To another width: the border follows the pointer, on both sides of the column that gives way.
  for (const [border, sized, grows] of [
    ["talk", "talk", 1],
    ["result", "type", -1],
  ]) {
    const handle = page.locator(`[data-border=${border}]`);
    const [from, top] = await middleOf(handle);
    const before = await widthOf(page, sized);
    await page.mouse.move(from, top);
    await page.mouse.down();
    await page.mouse.move(from + grows * 30, top, { steps: 6 });
    await page.mouse.up();
    assert.equal((await widthOf(page, sized)) - before, 30, `the border behind ${border} sizes ${sized}`);
    assert.ok(Math.abs((await middleOf(handle))[0] - from - grows * 30) < 1.5, "and is where the pointer is");
  }
  assert.ok((await widthOf(page, "who")) >= 180, "what a row is about gave way, not below its own width");
  await page.locator("[data-border=who]").dblclick();
  const longest = await page.locator("[data-column=who]").evaluateAll((all) => Math.max(...all.map((cell) => cell.scrollWidth - cell.clientWidth)));
  assert.equal(longest, 0, "a double click makes room for the longest that is seen");

  // Which ones, and how close.
  await page.click(id("columns"));
  await page.locator("[data-choice=started] input").click();
  await page.locator("[data-choice=ring] .up").click();
  await page.locator("[data-choice=who] input").click({ force: true });
  assert.ok(await page.isChecked("[data-choice=who] input"), "what a row is about stays");
  await page.click(id("density-compact"));
  await page.keyboard.press("Escape");
  assert.equal(await heads(page), "talk who result ring type members added");
  const seen = () =>
    page.evaluate(() => [
      [...document.querySelectorAll("[data-head]")].map((head) => [head.dataset.head, Math.round(head.getBoundingClientRect().width)]),
      document.querySelector("[data-row]").offsetHeight,
    ]);
  const chosen = await seen();
  assert.equal(chosen[1], 26, "rows stand closer");
  await page.reload();
  await page.locator(id("call-row")).first().waitFor();
  assert.deepEqual(await seen(), chosen, "all of it is remembered");
  await page.goto(`${base}#/rooms`);
  await page.locator(id("room-row")).first().waitFor();
  assert.equal(await heads(page), "first room product owner state inside users stays peak", "each list has its own columns");
  assert.equal(
    await page
      .locator(id("room-row"))
      .first()
      .evaluate((row) => row.offsetHeight),
    26,
    "and all have one density",
  );
  await page.goto(`${base}#/calls`);
  await page.click(id("columns"));
  await page.click(id("columns-reset"));
  assert.equal(await heads(page), "started who result type ring talk members added");
  assert.equal(await page.evaluate(() => localStorage.getItem("calltrail.columns.calls")), null, "nothing is left of it");

  // A list too narrow for all: who asks for a column gets it.
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 900, height: 700 });
  await page.click(id("columns"));
  const members = page.locator("[data-choice=members] input");
  assert.equal(await members.evaluate((box) => box.indeterminate), true, "nobody hid it, and it has no room");
  await members.click();
  await page.waitForSelector("[data-head=members]");
  assert.equal(await page.locator("[data-head=type]").count(), 0, "another one left instead");
});

walk("columns by keyboard", async (page, base, text) => {
  const { talk, members } = text.calls.columns;
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).first().waitFor();
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement?.dataset.head);
  assert.equal(await focused(), "started", "the heads are the next stop after the rows");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focused(), "talk");
  await page.keyboard.press("Alt+Shift+ArrowLeft");
  await told(page, text.columns.told.moved(talk, 5, 8));
  assert.equal(await heads(page), "started who result type talk ring members added");
  assert.equal(await focused(), "talk", "the keyboard goes with it");
  const before = await widthOf(page, "talk");
  await page.keyboard.press("Shift+ArrowRight");
  await told(page, text.columns.told.sized(talk, before + 8));
  assert.equal(await widthOf(page, "talk"), before + 8);
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.equal(await widthOf(page, "talk"), before - 8);
  await page.keyboard.press("Shift+Enter");
  await page.waitForFunction(() => [...document.querySelectorAll("[data-column=talk]")].every((cell) => cell.scrollWidth <= cell.clientWidth));
  await page.keyboard.press("Delete");
  await told(page, text.columns.told.hidden(talk));
  assert.equal(await focused(), "ring", "the next one has the keyboard");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Delete");
  assert.equal(await heads(page), "started who result type ring members added", "what a row is about stays");

  // The choice of columns, with no pointer at all.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "columns");
  await page.keyboard.press("Enter");
  await page.locator("[data-choice=talk] input").focus();
  await page.keyboard.press("Space");
  await told(page, text.columns.told.shown(talk));
  await page.locator("[data-choice=members] .up").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await told(page, text.columns.told.moved(members, 5, 8));
  await page.locator("[data-testid^=density-][aria-checked=true]").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(
    await page
      .locator(id("call-row"))
      .first()
      .evaluate((row) => row.offsetHeight),
    26,
  );
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "columns", "closing gives the keyboard back");
  await page.reload();
  await page.locator(id("call-row")).first().waitFor();
  assert.equal(await heads(page), "started who result type members talk ring added", "all of it is remembered");
  assert.equal(await cells(page), await heads(page));
});
