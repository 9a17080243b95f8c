// The record as a whole: its condition, damage, backups, reprocessing, exports, and a window that lost its connection.
import assert from "node:assert/strict";

import { id, like, walk } from "./stage.mjs";

walk("condition", async (page, base) => {
  await page.goto(`${base}#/calls`);
  await page.locator(id("call-row")).first().waitFor();
  const show = (state) => page.evaluate((name) => fetch(`/api/mock/state?${name}`), state);
  assert.equal(await page.locator("[data-testid^=condition-]").count(), 0, "a sound record has no banner");
  for (const state of [
    "failing",
    "filling",
    "rebuilding",
    "rebuild-failed",
    "checking",
    "backup-failed",
    "review",
    "clock",
    "held-back",
    "turned-away",
    "exchanged",
    "damaged",
  ]) {
    await show(state);
    await page.waitForSelector(id(`condition-${state}`));
    assert.equal(await page.locator("[data-testid^=condition-]").count(), 1, `${state} has one banner, which comes by itself`);
  }
  assert.equal(await page.getAttribute(id("condition-damaged"), "role"), "alert", "what is bad is read aloud");
  await show("filling");
  await page.waitForSelector(id("condition-filling"));
  assert.equal(await page.locator(`${id("condition-filling")} progress`).evaluate((bar) => bar.value / bar.max), 12300 / 48000, "the bar shows how far it is");
  await show("well");
  await page.waitForSelector(id("condition-filling"), { state: "detached" });
});

walk(
  "damage",
  async (page, base, text) => {
    await page.goto(`${base}#/calls`);
    await page.locator(`${id("condition-damaged")} a`).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("damage-page"));
    await page.locator(id("damaged-archive")).nth(1).waitFor();
    assert.equal(await page.locator(id("damaged-archive")).count(), 2, "every archive that was put aside is told");
    assert.match(await page.locator(id("damage-saved")).first().textContent(), like(text.damage.deliveries(4_812)), "with what was saved of it");
    assert.match(await page.locator(id("damaged-archive")).first().textContent(), /calltrail\/damaged\/2026-11-21T09-02-11-345Z/, "and where it is");
    await page.locator(id("damage-restore")).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("backup-restored"));
    assert.match(await page.locator(id("backup-restored")).textContent(), like(text.damage.fresh(3)), "the result is told");
    await page.locator(id("damage-seen")).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("condition-damaged"), { state: "detached" });
    assert.equal(await page.locator(id("damaged-archive")).count(), 2, "the page stays");
    await page.click(id("nav-settings"));
    await page.click(id("damage-link"));
    await page.waitForSelector(id("damage-page"));
  },
  { mock: { MOCK: "damaged" } },
);

walk("backups", async (page, base) => {
  await page.goto(`${base}#/settings`);
  await page.locator(id("backup-row")).nth(2).waitFor();
  await page.click(id("backup-now"));
  await page.waitForSelector(id("backup-made"));
  await page.locator(id("backup-restore")).first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0, "Escape asks for nothing");
  await page.locator(id("backup-restore")).first().click();
  await page.click(id("backup-restore-sure"));
  await page.waitForSelector(id("backup-restored"));
});

walk("review", async (page, base, text) => {
  await page.goto(`${base}#/deliveries`);
  await page.click(id("read-again"));
  await page.click(id("review-begin"));
  await page.waitForSelector(`${id("condition-reading")} progress`);
  await page.waitForSelector(id("review"));
  assert.equal(await page.locator(id("rereading")).count(), 12, "the deliveries are listed");
  await page
    .locator(`${id("rereading")} a`)
    .first()
    .click();
  await page.waitForSelector(id("delivery-detail"));
  await page.click(`${id("condition-review")} a`);
  await page.click(id("review-accept"));
  await page.waitForSelector(id("review"), { state: "detached" });
  assert.match(await page.locator(id("review-told")).textContent(), like(text.review.accepted), "the decision is confirmed");
  await page.waitForSelector(id("review-begin"));
});

walk(
  "desktop export",
  async (page, base) => {
    await page.goto(`${base}#/calls`);
    await page.locator(`button${id("call-export")}`).click();
    await page.waitForSelector(`${id("export-progress")}[data-state=running]`);
    await page.waitForSelector(`${id("export-progress")}[data-state=done]`);
    await page.click(id("call-export"));
    await page.click(id("export-cancel"));
    await page.waitForSelector(`${id("export-progress")}[data-state=cancelled]`);
  },
  { mock: { MOCK_DESKTOP: "1" } },
);

walk(
  "connection lost",
  async (page, base) => {
    let broken = false;
    await page.route("**/api/changes*", (route) => (broken ? route.abort() : route.continue()));
    await page.goto(`${base}#/calls`);
    await page.locator(id("call-row")).first().waitFor();
    broken = true;
    await page.evaluate(() => fetch("/api/mock/ring"));
    await page.waitForSelector(id("connection-lost"));
    assert.ok((await page.locator(id("call-row")).count()) > 5, "what was known stays on screen");
    broken = false;
    await page.waitForSelector(id("connection-lost"), { state: "detached" });
  },
  { meant: "net::ERR_FAILED" },
);
