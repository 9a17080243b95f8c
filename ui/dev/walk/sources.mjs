// Where each line of a detail came from, and the dialog.
import assert from "node:assert/strict";

import { id, like, walk } from "./stage.mjs";

walk("sources", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).nth(4).click();
  const mark = page.locator(`${id("call-detail")} ${id("source")}[data-field=answered]`);
  const opacity = () => mark.evaluate((one) => getComputedStyle(one).opacity);
  await mark.waitFor();
  assert.equal(await opacity(), "0", "a detail is calm");
  await page.locator("dt").filter({ hasText: text.calls.answered }).hover();
  assert.equal(await opacity(), "1", "a line that is pointed at says where it came from");
  await page.locator("h1").hover();
  await page.locator(`${id("source")}[data-field=started]`).focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.field), "answered", "the keyboard comes by");
  assert.equal(await opacity(), "1", "and sees it");
  const { mark: said, from } = text.calls.sources.fetched_record;
  await page.getByRole("link", { name: like(`${text.punctuation.named(text.calls.answered, "").trim()} ${said}`), description: from }).waitFor(); // Heard with the name of its line.
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("s");
  assert.equal(await page.getAttribute(id("show-sources"), "aria-checked"), "true", "a key shows all of them");
  assert.equal(await opacity(), "1");
  await page.fill(id("search"), "s");
  assert.equal(await page.getAttribute(id("show-sources"), "aria-checked"), "true", "but not where it is typed");
  await page.fill(id("search"), "");
  // The address follows a moment later, and a reload goes by it.
  await page.waitForFunction(() => /^#\/calls\?open=[^&]+$/.test(window.location.hash));
  await page.reload();
  await page.locator(`${id("show-sources")}[aria-checked=true]`).waitFor();
  assert.match(
    await page
      .locator(`[data-user=bob] ${id("member-story")} a`)
      .first()
      .getAttribute("href"),
    /^#\/deliveries\?open=\w+$/,
    "what happened to a member leads to who told it",
  );
  await page.click(id("show-sources"));
  assert.equal(await page.evaluate(() => localStorage.getItem("calltrail.sources")), null, "calm is what is usual");
  await page.locator(id("step-row")).first().hover();
  await page
    .locator(`${id("step-row")} ${id("source")}`)
    .first()
    .click();
  await page.waitForSelector(id("delivery-detail"));
  await page.goto(`${base}#/rooms`);
  await page.locator("[data-room-id=room_1001]").click();
  await page
    .locator(`${id("room-totals")} ${id("source")}`)
    .first()
    .press("Enter");
  await page
    .locator(`${id("delivery-detail")}, ${id("delivery-row")}`)
    .first()
    .waitFor();
});

walk(
  "a dialog",
  async (page, base, text) => {
    await page.goto(`${base}#/settings`);
    const remove = page.locator(id("app-remove")).first();
    const active = () => page.evaluate(() => document.activeElement?.dataset.testid);
    const open = () => page.locator("dialog[open]").count();
    const apps = () => page.locator(id("app-row")).count();
    await remove.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.equal(await active(), "app-ask-no", "what cannot be taken back begins at the other button");
    await page.keyboard.press("Escape");
    assert.deepEqual([await open(), await active()], [0, "app-remove"], "Escape leaves all as it is, and the keyboard where it was");
    await remove.click();
    await page.mouse.click(8, 8);
    assert.equal(await open(), 0, "so does what is around it");
    await remove.click();
    await dialog.locator("p").first().click();
    assert.equal(await open(), 1, "but not what is inside");

    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route("**/api/apps/*", async (route) => {
      await held;
      await route.fulfill({ status: 502, json: { code: "busy", message: "", problem: { code: "backup_busy" } } });
    });
    await page.click(id("app-remove-sure"));
    await page.locator(`${id("app-remove-sure")}[aria-busy=true]`).waitFor();
    await page.keyboard.press("Escape");
    await page.mouse.click(8, 8);
    assert.equal(await open(), 1, "what is under way is waited for");
    letGo();
    await dialog
      .getByRole("alert")
      .filter({ hasText: like(text.problems.requests.backup_busy({ code: "backup_busy" })) })
      .waitFor();
    await page.unroute("**/api/apps/*");
    const before = await apps();
    await page.click(id("app-remove-sure"));
    await page.waitForFunction(([selector, n]) => document.querySelectorAll(selector).length === n - 1, [id("app-row"), before]);
    assert.equal(await open(), 0, "what was done closes it");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), text.settings.apps, "the keyboard is with what is left");

    await page.locator(id("backup-restore")).first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await active(), "backup-restore-sure", "what harms nothing begins at its own button");
  },
  { meant: "502 (Bad Gateway)" },
);
