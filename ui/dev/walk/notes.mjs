// Notes and tags: written, changed and taken back, found again, and given to many calls at once.
import assert from "node:assert/strict";

import { ANY, id, like, shows, TOLD, walk } from "./stage.mjs";

const named = { mock: { MOCK_NAMED: "1" } };
const told = (page, words) => shows(page, TOLD, words);
const total = (page, words) => shows(page, id("list-total"), words);
const count = (page, words) => shows(page, id("selection-count"), words);

walk(
  "notes",
  async (page, base, text) => {
    const said = text.notes.told;
    // So wide that the column is there beside what is open.
    await page.setViewportSize({ width: 1920, height: 900 });
    await page.goto(`${base}#/calls`);
    await page.locator(id("call-row")).nth(1).click();
    await page.waitForSelector(id("note-add"));
    await page.locator(id("note-add")).focus();
    await page.keyboard.type("Wants the invoice again");
    await page.keyboard.press("Enter");
    await page.keyboard.type("by Friday");
    await page.keyboard.press("Control+Enter");
    await told(page, said.added);
    const note = page.locator(id("note"));
    await note.first().waitFor();
    assert.match(await note.first().textContent(), /ann.*Wants the invoice again\nby Friday/s, "who wrote it, and all of it");
    assert.equal(await page.inputValue(id("note-add")), "", "the field is ready for the next");
    await page.locator(`${id("call-row")}[data-marked] ${id("has-note")}`).waitFor();

    await page.click(id("note-edit"));
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "note-editor");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "note-edit", "Escape leaves the field alone");
    await page.keyboard.press("Enter");
    await page.fill(id("note-editor"), "Wants the invoice of April");
    await page.click(id("note-editor-save"));
    await told(page, said.edited);
    await page.getByText(like(text.notes.edited("ann", ANY))).waitFor();
    await page.click(id("undo"));
    await note.filter({ hasText: "by Friday" }).waitFor();

    await page.click(id("note-remove"));
    await note.first().waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await note.first().waitFor();
    await page.keyboard.press("Escape");
    await page.fill(id("search"), "invoice again");
    await page
      .locator(`${id("call-row")} ${id("found-elsewhere")} mark`)
      .first()
      .waitFor();
    await page.click(id("filter-clear"));
    await total(page, text.list.calls(5_000));
    await page.click(id("filter-note"));
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll("[data-testid=call-row]")];
      return rows.length > 3 && rows.every((row) => row.querySelector("[data-testid=has-note]"));
    });
  },
  named,
);

walk(
  "notes: tags",
  async (page, base, text) => {
    const said = text.notes.told;
    // So wide that the column is there beside what is open.
    await page.setViewportSize({ width: 1920, height: 900 });
    await page.goto(`${base}#/calls`);
    await page.locator(id("call-row")).nth(1).click();
    const field = page.locator(`input${id("tag-add")}`);
    await field.click();
    await page.keyboard.type("compl");
    await page.locator("[role=option][data-highlighted][data-value=complaint]").waitFor();
    await page.keyboard.press("Enter");
    await told(page, said.tagged("complaint"));
    await page.locator(`${id("tag")}[data-tag=complaint]`).waitFor();
    await page.locator(`${id("call-row")}[data-marked] .tag`).waitFor();
    await page.keyboard.type("new one");
    await page.locator("[role=option][data-highlighted]", { hasText: text.notes.newTag("new one") }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`${id("tag")}[data-tag="new one"]`).waitFor();

    // Its colour and its name, everywhere.
    await page.locator(`${id("tag")}[data-tag="new one"] ${id("tag-open")}`).focus();
    await page.keyboard.press("Enter");
    await page.click(id("tag-colour-teal"));
    await page.waitForSelector(`${id("tag")}[data-tag="new one"] [data-tone=teal]`);
    await page.fill(id("tag-rename"), "renamed");
    await page.keyboard.press("Enter");
    await page.locator(`${id("tag")}[data-tag=renamed] [data-tone=teal]`).waitFor();
    await page.keyboard.press("Control+z");
    await page.locator(`${id("tag")}[data-tag="new one"]`).waitFor();

    await page.locator(`${id("tag")}[data-tag=complaint] ${id("tag-remove")}`).focus();
    await page.keyboard.press("Enter");
    await page.locator(`${id("tag")}[data-tag=complaint]`).waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "tag-add", "the keyboard goes on where tags are added");
    await page.click(id("undo"));
    await page.locator(`${id("tag")}[data-tag=complaint]`).waitFor();
    await page.click(id("panel-close"));
    await page.click(id("filter-tag"));
    await page.locator(`[data-value="new one"]`).click();
    await total(page, text.list.calls(1));
  },
  named,
);

walk(
  "notes: many calls",
  async (page, base, text) => {
    const { selected } = text.selection;
    const rows = page.locator(id("call-row"));
    await page.goto(`${base}#/calls`);
    await rows.nth(3).click({ modifiers: ["Control"] });
    await rows.nth(6).click({ modifiers: ["Shift"] });
    await count(page, selected(text.list.calls(4)));
    assert.equal(await page.locator(id("call-detail")).count(), 0, "selecting opens nothing");
    await rows.nth(1).locator("[data-tick]").click();
    await count(page, selected(text.list.calls(5)));
    await rows.nth(4).click({ modifiers: ["Control"] });
    await count(page, selected(text.list.calls(4)));
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(id("selection")).count(), 0);

    // By keyboard, and further than rows were read.
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await count(page, selected(text.list.calls(3)));
    await page.keyboard.press("Shift+ArrowUp");
    await count(page, selected(text.list.calls(2)));
    await page.keyboard.press("Shift+End");
    await count(page, selected(text.list.calls(5_000)));
    await page.keyboard.press("Escape");

    // All that a filter finds, with one undo for all of it.
    await page.goto(`${base}#/calls?result=call_busy`);
    await page.waitForFunction(
      ([total, all]) => ![null, all].includes(document.querySelector(total)?.textContent ?? null),
      [id("list-total"), text.list.calls(5_000)],
    );
    const busy = await page.textContent(id("list-total"));
    const n = Number(busy.replace(/\D/g, ""));
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Control+a");
    await count(page, selected(busy));
    const [sent] = await Promise.all([
      page.waitForRequest("**/api/calls/tags"),
      (async () => {
        await page.locator(`input${id("bulk-tag-add")}`).click();
        await page.keyboard.type("vip");
        await page.locator("[role=option][data-highlighted][data-value=vip]").waitFor();
        await page.keyboard.press("Enter");
      })(),
    ]);
    assert.deepEqual(sent.postDataJSON(), { filter: { result: "call_busy" }, add: ["vip"], remove: [] }, "the filter goes, not its rows");
    await told(page, text.notes.told.taggedCalls("vip", n));
    await page
      .locator(`${id("call-row")}:not(:has(.tag))`)
      .first()
      .waitFor({ state: "detached" });
    const tagged = async () => (await (await page.request.get(`${base}api/calls?result=call_busy&tag=vip&limit=5000`)).json()).rows.length;
    assert.equal(await tagged(), n, "all of them have it");
    await page.click(id("undo"));
    await told(page, text.undo.undone(text.notes.told.taggedCalls("vip", n)));
    assert.ok((await tagged()) < n / 2, "and lose it together");
    await page.click(id("select-none"));
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "grid", "the list has the keyboard again");
  },
  named,
);
