// Searching and filtering: why a row was found, what a choice would give, and what stays chosen.
import assert from "node:assert/strict";

import { id, shows, walk } from "./stage.mjs";

walk("a row shows why it was found", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  const group = page.locator(`${id("call-row")}:has(.more)`).first();
  await group.waitFor();
  const [last, callId] = await group.evaluate(
    (row, comma) => [row.querySelector(".more").title.split(comma).at(-1), row.dataset.callId],
    text.punctuation.comma,
  );
  // `Grace Okafor (patient-0042)`, or the id alone.
  const hidden = /[(（]([^()（）]+)[)）]$/.exec(last)?.[1] ?? last;
  await page.fill(id("search"), hidden.toUpperCase());
  const found = page.locator(`[data-call-id="${callId}"]`);
  await found.locator("mark").first().waitFor();
  assert.ok((await found.textContent()).includes(hidden), `${hidden}, who stood behind a number, is named`);
  // The rows of before may be there for a moment still.
  await page.waitForFunction((unmarked) => document.querySelector(unmarked) === null, `${id("call-row")}:not(:has(mark))`);
  await page.fill(id("search"), callId.slice(4, 20));
  await page.locator(id("found-elsewhere")).first().waitFor();
  assert.ok((await page.locator(id("found-elsewhere")).first().textContent()).includes(callId), "what no column shows is shown");
  await page.locator("[role=grid]").focus();
  await page.goto(`${base}#/rooms?q=student_9`);
  await page.waitForFunction(
    ([row, found]) => document.querySelectorAll(row).length > 0 && document.querySelectorAll(row).length === document.querySelectorAll(found).length,
    [id("room-row"), `${id("room-row")} ${id("found-elsewhere")} mark`],
  );
});

walk("filters", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  await page.click(id("filter-result"));
  const missed = page.locator("[data-value=not_answer] .rows");
  await missed.waitFor();
  const told = await missed.textContent();
  await page.click("[data-value=not_answer]");
  await shows(page, id("list-total"), text.list.calls(Number(told.replace(/\D/g, ""))));
  assert.equal(await missed.textContent(), told, "a choice gives as many calls as it said, and still says so");
  await page.click("[data-value=reject]");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(600);
  assert.match(page.url(), /result=reject%2Cnot_answer/, "the filter is in the address");
  const words = await page.locator(`${id("call-row")} .chip`).allTextContents();
  assert.ok(words.length > 5 && words.every((word) => [text.results.not_answer, text.results.reject].includes(word)), `only what was chosen: ${words}`);
  assert.match(await page.getAttribute(id("call-export"), "href"), /calls\.xlsx\?.*result=reject%2Cnot_answer/, "the export holds what the list shows");
  const language = await page.evaluate(() => document.documentElement.lang.split("-")[0]);
  assert.ok((await page.getAttribute(id("call-export"), "href")).includes(`headings=${language}`), "a workbook is for people");
  await page.click(id("call-export-options"));
  await page
    .locator(`${id("export-rows")} td`)
    .first()
    .waitFor();
  await page.click(id("export-format-spreadsheet"));
  await page.click(id("export-headings-words"));
  await page
    .locator(`${id("export-columns")} input`)
    .first()
    .uncheck();
  await page
    .locator(`${id("export-columns")} li button`)
    .nth(3)
    .press("Enter");
  await page.keyboard.press("Escape");
  assert.match(
    await page.getAttribute(id("call-export"), "href"),
    /calls\.csv\?.*profile=spreadsheet.*columns=started%2Capp%2C/,
    "the columns that were chosen, in their order",
  );
  assert.ok(
    (await page.getAttribute(id("call-export"), "href")).includes(`headings=${language}`),
    "or words of the window's language, where somebody chose them",
  );
  await page.click(id("nav-rooms"));
  await page.locator(id("room-row")).first().waitFor();
  await page.click(id("nav-calls"));
  await page.waitForTimeout(300);
  assert.match(page.url(), /result=reject/, "coming back finds the filters as they were");
  await page.goBack();
  await page.locator(id("room-row")).first().waitFor();
  await page.goto("about:blank");
  await page.goto(base);
  await page.click(id("nav-calls"));
  await page.locator(id("call-row")).first().waitFor();
  assert.match(page.url(), /result=reject/, "and so does a new window");
  await page.click(id("filter-clear"));
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "search", "the keyboard goes on where the next search begins");
});
