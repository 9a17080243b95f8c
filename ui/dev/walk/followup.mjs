// Follow-up: cases worked by keyboard alone and together, every change taken back, and what leads to them from elsewhere.
import assert from "node:assert/strict";

import { ANY, id, like, reads, shows, TOLD, walk, withoutRoom } from "./stage.mjs";

const named = { mock: { MOCK_NAMED: "1" } };
const told = (page, words) => reads(page, TOLD, words);
const isOpen = (page, call) => page.waitForFunction((key) => location.hash.includes(`${key}`), encodeURIComponent(call));
const calls = (page) => page.locator(id("case-row")).evaluateAll((rows) => rows.map((row) => row.dataset.callId));
const total = (page, words) => shows(page, id("list-total"), words);
const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.getAttribute("role"));
const figures = async (page, base, query = "") => (await page.request.get(`${base}api/cases/figures${query}`)).json();

walk(
  "followup by keyboard alone",
  async (page, base, text) => {
    const said = text.followUp.told;
    // So wide that the columns are there beside what is open.
    await page.setViewportSize({ width: 1600, height: 900 });
    await page.goto(`${base}#/followup`);
    await page.locator(id("case-row")).nth(6).waitFor();
    const before = await figures(page, base);
    await total(page, text.followUp.listed(before.open));
    assert.equal(await page.textContent(id("nav-followup-count")), String(before.open), "the sidebar says how many are open");
    const keys = await calls(page);

    // Nobody has touched the mouse: the first is marked and opened, and done.
    await page.keyboard.press("j");
    await page.locator(`${id("case-row")}[data-marked]`).waitFor();
    assert.equal(await focused(page), "grid", "the list has the keyboard");
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("case-why"));
    assert.equal(
      await page.locator(id("case-miss")).count(),
      Number(await page.locator("[data-marked] [data-column=misses]").textContent()),
      "it is explained",
    );
    await page.keyboard.press("d");
    await told(page, said.done(ANY));
    await isOpen(page, keys[1]);
    await total(page, text.followUp.listed(before.open - 1));
    await page.locator(`${id("case-row")}[data-call-id="${keys[1]}"][data-marked]`).waitFor();

    // With a reason.
    await page.keyboard.press("Shift+D");
    await page.waitForSelector(id("case-reason-field"));
    assert.equal(await focused(page), "case-reason-field");
    await page.keyboard.type("Wrong number");
    await withoutRoom(page, text, "**/api/cases", () => page.keyboard.press("Enter"));
    await page.waitForFunction((field) => document.querySelector(field)?.value === "Wrong number", id("case-reason-field"));
    assert.equal(await focused(page), "case-reason-field", "what could not be saved stays in its field");
    await page.keyboard.press("Enter");
    await told(page, said.done(ANY));
    await isOpen(page, keys[2]);

    // Put off: for an hour, until tomorrow, until a date.
    for (const [digit, next] of [
      ["1", keys[3]],
      ["2", keys[4]],
    ]) {
      // Typed at once: nobody waits until the panel has the keyboard.
      await page.keyboard.press("p");
      await page.keyboard.press(digit);
      await told(page, said.putOff(ANY, ANY));
      await isOpen(page, next);
    }
    await page.keyboard.press("p");
    await page.locator(`${id("case-put-off-hour")}:focus`).waitFor();
    await page.keyboard.press("3");
    assert.equal(await focused(page), "case-put-off-day");
    const later = new Date(Date.now() + 72 * 3_600_000);
    await page.fill(
      id("case-put-off-day"),
      `${later.getFullYear()}-${String(later.getMonth() + 1).padStart(2, "0")}-${String(later.getDate()).padStart(2, "0")}`,
    );
    await page.fill(id("case-put-off-time"), "14:30");
    await page.keyboard.press("Enter");
    await told(page, said.putOff(ANY, ANY));
    await isOpen(page, keys[5]);
    const row = (await (await page.request.get(`${base}api/cases?state=put_off`)).json()).rows.find(({ call_id }) => call_id === keys[4]);
    assert.equal(new Date(row.until_ms).toTimeString().slice(0, 5), "14:30", "the time is that of the wall");

    // Assigned to oneself.
    await page.keyboard.press("a");
    await page.locator("[role=option][data-highlighted]").waitFor();
    await page.keyboard.type("ann");
    await page.locator("[role=option][data-highlighted]", { hasText: text.followUp.you("ann") }).waitFor();
    await page.keyboard.press("Enter");
    await told(page, said.assigned(ANY, "ann"));
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "grid");

    // A note, and back to the list.
    await page.keyboard.press("n");
    await page.waitForFunction(() => document.activeElement?.dataset.testid === "note-add");
    await page.keyboard.type("Will call after four");
    await page.keyboard.press("Control+Enter");
    await told(page, text.notes.told.added);
    await page.locator(id("note")).first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await isOpen(page, keys[6]);
    await page.keyboard.press("k");
    await isOpen(page, keys[5]);
    await page.locator(id("note"), { hasText: "Will call after four" }).waitFor();

    // What was done is taken back, the last first.
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await told(page, text.undo.undone(said.assigned(ANY, "ann")));
    for (let i = 0; i < 5; i += 1) await page.keyboard.press("Control+z");
    await total(page, text.followUp.listed(before.open));
    const { rows } = await (await page.request.get(`${base}api/cases?state=open`)).json();
    assert.deepEqual(
      rows.slice(0, 6).map(({ call_id }) => call_id),
      keys.slice(0, 6),
    );
  },
  { ...named, meant: "503" },
);

walk(
  "followup: what is closed is explained, and reopened",
  async (page, base, text) => {
    const said = text.followUp.told;
    // So high that no row is out of sight, however many days they are of.
    await page.setViewportSize({ width: 1280, height: 3000 });
    await page.goto(`${base}#/followup?tab=done`);
    const itself = page.locator(`${id("case-row")}[data-state=closed_itself]`).first();
    await itself.click();
    await page.waitForSelector(id("case-closing-call"));
    const why = await page.textContent(id("case-why"));
    assert.ok(
      [text.followUp.closed.called_back, text.followUp.closed.called_again].some((one) => like(one(1).replace(/1.*$/, "").replace("{who}", ANY)).test(why)),
      "who talked, and after how long",
    );
    const key = await page.locator("[data-marked]").getAttribute("data-call-id");
    await page.keyboard.press("o");
    await told(page, said.reopened(ANY));
    await page.locator(`${id("case-row")}[data-call-id="${key}"]`).waitFor({ state: "detached" });
    await page.click(id("case-tab-open"));
    await page.locator(id("case-row")).first().waitFor();
    assert.ok((await figures(page, base)).open > 0);
    await page.keyboard.press("Control+z");
    await told(page, text.undo.undone(said.reopened(ANY)));

    // By hand: who, with the reason, which can be changed.
    await page.goto(`${base}#/followup?tab=done`);
    await page
      .locator(`${id("case-row")}[data-state=done]`)
      .first()
      .click();
    await page.getByText("Wrong number; asked not to be called again.").first().waitFor();
    await page.click(id("case-why-done"));
    await page.fill(id("case-why-done-field"), "No longer needed");
    await page.keyboard.press("Enter");
    await told(page, said.reason(ANY));
    await page.locator(id("case-why"), { hasText: "No longer needed" }).waitFor();
    await page.locator(`${id("case-history")} summary`).click();
    await page.locator(id("history-row"), { hasText: "No longer needed" }).waitFor();
  },
  named,
);

walk(
  "followup together",
  async (page, base, text) => {
    const said = text.followUp.told;
    await page.goto(`${base}#/followup`);
    await page.locator(id("case-row")).nth(4).waitFor();
    const before = await figures(page, base);
    await page
      .locator(id("case-row"))
      .nth(1)
      .click({ modifiers: ["Control"] });
    await page
      .locator(id("case-row"))
      .nth(3)
      .click({ modifiers: ["Shift"] });
    assert.equal(await page.textContent(id("selection-count")), text.selection.selected(text.followUp.listed(3)));
    await page.click(id("bulk-done"));
    await told(page, said.done(text.followUp.listed(3)));
    await total(page, text.followUp.listed(before.open - 3));
    assert.equal(await page.locator(id("selection")).count(), 0, "what is done is no longer selected");
    await page.click(id("undo"));
    await total(page, text.followUp.listed(before.open));

    // All that the filter finds, by its filter, with one undo.
    await page.fill(id("search"), "guest");
    await page.waitForFunction(
      ([selector, all]) => document.querySelector(selector)?.textContent !== all,
      [id("list-total"), text.followUp.listed(before.open)],
    );
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Control+a");
    const n = Number((await page.textContent(id("list-total"))).replace(/\D/g, ""));
    const [sent] = await Promise.all([page.waitForRequest((request) => request.method() === "POST"), page.keyboard.press("d")]);
    assert.deepEqual(sent.postDataJSON(), { filter: { q: "guest", state: "open" }, cases: [], set: { state: "done" } }, "the filter goes, not its rows");
    await told(page, said.done(text.followUp.listed(n)));
    await page.getByText(text.followUp.noneTitle).waitFor();
    assert.equal((await figures(page, base)).open, before.open - n);
    await page.click(id("undo"));
    await page.locator(id("case-row")).nth(4).waitFor();

    // Whose they are.
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("a");
    await page.locator("[role=listbox] [role=option]").nth(1).click();
    await told(page, said.assigned(text.followUp.listed(n), ANY));
    await page.click(id("filter-clear"));
    await page.click(id("filter-assignee"));
    await page.locator("[role=menu] [data-value='-']").click();
    await total(page, text.followUp.listed((await figures(page, base, "?state=open&assignee=-")).open));
    await page.click(id("undo"));
  },
  named,
);

walk(
  "followup: its tabs, and what leads to it",
  async (page, base, text) => {
    await page.goto(`${base}#/followup`);
    for (const tab of ["mine", "put_off", "done", "open"]) {
      await page.click(id(`case-tab-${tab}`));
      await page.waitForFunction((name) => location.hash.includes(`tab=${name}`) === (name !== "open"), tab);
      await page.locator(id("case-row")).first().waitFor();
    }
    await page.locator(id("case-median")).waitFor();
    // Rows of the tab before stand there for a moment.
    await total(page, text.followUp.listed((await figures(page, base)).open));
    await page
      .locator(`${id("case-row")}[data-user^=guest]`)
      .first()
      .click();
    const call = await page.locator("[data-marked]").getAttribute("data-call-id");
    await page.locator(id("case-miss")).last().click();
    await page.waitForSelector(id("call-detail"));
    await page.click(id("call-case"));
    await page.waitForSelector(id("case-why"));
    await isOpen(page, call);
    await page
      .locator(`${id("case-detail")} ${id("person-link")}`)
      .first()
      .click();
    await page.click(id("person-cases"));
    await page.locator(id("case-row")).first().waitFor();
    assert.match(page.url(), /#\/followup\?person=guest/, "from the person to the cases");
    assert.equal(await page.locator(`${id("case-row")}:not([data-user^=guest])`).count(), 0);
    await page.goto(`${base}#/followup?open=1400123456%3Anothing`);
    await page.getByText(text.followUp.gone).waitFor();
  },
  { ...named, meant: "404" },
);

walk(
  "followup: what counts as missed",
  async (page, base, text) => {
    await page.goto(`${base}#/followup`);
    await page.locator(id("case-row")).first().waitFor();
    const before = await figures(page, base);
    await page.click(id("counting"));
    assert.equal(await page.isChecked(id("counting-reject")), false, "who declines has seen the call");
    await page.click(id("counting-cancel"));
    await page.click(id("counting-not_answer"));
    assert.ok(await page.isDisabled(id("counting-seconds")));
    await page.click(id("counting-dialog-yes"));
    await told(page, text.followUp.told.settings);
    await page.waitForFunction(([selector, n]) => document.querySelector(selector)?.textContent !== n, [id("nav-followup-count"), String(before.open)]);
    assert.ok((await figures(page, base)).open < before.open, "fewer count");
    await page.click(id("undo"));
    await total(page, text.followUp.listed(before.open));
    await page.click(id("nav-settings"));
    await page.click(id("counting"));
    await page.fill(id("counting-seconds"), "20");
    await page.click(id("counting-dialog-yes"));
    await told(page, text.followUp.told.settings);
    assert.equal((await (await page.request.get(`${base}api/follow-up/settings`)).json()).cancel_after_ms, 20_000);
  },
  named,
);

walk("followup asks once who somebody is", async (page, base, text) => {
  await page.goto(`${base}#/followup`);
  await page.locator(id("case-row")).nth(2).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("d");
  await page.waitForSelector(id("who-am-i-name"));
  await page.keyboard.type("Ann Weber");
  await page.keyboard.press("Enter");
  await told(page, text.followUp.told.done(ANY));
  await page.keyboard.press("d");
  await page.waitForFunction(([selector]) => document.querySelector(selector), [id("undo")]);
  assert.equal(await page.locator("dialog[open]").count(), 0, "and never again");
});
