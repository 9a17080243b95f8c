// What Tencent sends: choosing, comparing, applying, going back, and what others change meanwhile.
import assert from "node:assert/strict";

import { ANY, id, like, reads, walk } from "./stage.mjs";

const standing = (page, name) => page.evaluate((which) => fetch(`/api/mock/callbacks?${which}`), name);
const command = (word) => `[data-testid="command-${word}"]`;
const MEMBERS = command("Live.CallbackAfterMemberStateChanged");
const ROOM_END = command("Live.CallbackAfterDestroyRoom");

walk("callbacks: choose, compare, apply, go back", async (page, base, text) => {
  await page.goto(`${base}#/calls`);
  await standing(page, "nothing");
  await page.click(id("nav-callbacks"));
  const card = page.locator(`${id("product-card")}[data-product=live]`);
  await card.waitFor();
  assert.equal(await card.getAttribute("data-state"), "nothing");
  assert.match(
    await card.textContent(),
    like(text.callbacks.sentences.nothing + ANY + text.callbacks.read(text.times.ago(ANY))),
    "the state is a sentence with its proof",
  );
  await card.click();
  await page.locator(id("preset-presence")).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${id("plan")}[data-does=set]`);
  assert.equal(
    await page.locator(`${id("plan-added")} li:has(.why) .word`).textContent(),
    "Live.CallbackAfterDestroyRoom",
    "what is on with another one says why",
  );
  assert.equal(await page.locator(id("preset-presence")).getAttribute("aria-checked"), "true");
  await page.locator(id("apply")).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${id("applied")}[data-confirmed=true]`);
  assert.match(await page.locator(id("standing")).textContent(), like(text.callbacks.sentences.ours(3)), "the state is what was read back");
  await page.waitForSelector(id("restore-1"));

  await page.click(id("choose-one-by-one"));
  assert.ok(await page.isChecked(ROOM_END), "what is sent now is ticked");
  await page.locator(ROOM_END).focus();
  await page.keyboard.press("Space");
  assert.ok(await page.isChecked(ROOM_END), "a room's end stays on while its member changes are");
  await page.click(MEMBERS);
  await page.click(ROOM_END);
  await page.waitForFunction((selector) => document.querySelector(selector)?.children.length === 2, id("plan-removed"));
  await page.click(MEMBERS);
  assert.ok(await page.isChecked(ROOM_END), "it comes back with them");
  await page.waitForSelector(id("plan"), { state: "detached" });
  await page.click(command("Live.CallbackBeforeSendGift"));
  await page.click(id("sure-no"));
  assert.equal(await page.isChecked(command("Live.CallbackBeforeSendGift")), false, "what makes people wait is not chosen by one click");
  await page.click(command("Live.CallbackBeforeSendGift"));
  await page.click(id("sure-yes"));
  // But by two, once the dialog has closed.
  await page.waitForSelector(`${command("Live.CallbackBeforeSendGift")}:checked`);
  await page.click(id("forget"));

  await page.locator(id("restore-1")).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${id("plan")}[data-does=delete]`);
  await page.click(id("apply"));
  await page.waitForSelector(id("applied"));
  assert.equal(await page.locator(id("standing")).getAttribute("data-state"), "nothing", "going back leads to what was before");
  await page.click(id("restore-2"));
  await page.waitForSelector(`${id("plan")}[data-does=set]`);
  await page.click(id("apply"));
  await page.waitForSelector(id("restore-3"));
  await page.click(id("stop-sending"));
  await page.waitForSelector(`${id("plan")}[data-does=delete]`);
});

walk(
  "callbacks: taking over, drift, races",
  async (page, base, text) => {
    await page.goto(`${base}#/callbacks`);
    await standing(page, "other");
    await page.locator(`${id("product-card")}[data-product=live]`).click();
    assert.ok((await page.locator(id("sent-now")).textContent()).includes("Live.Callback\\u{202E}woN<b>x</b>"), "a word that could deceive is written out");
    await page.click(id("preset-history"));
    await page.waitForSelector(id("plan"));
    for (const code of ["drops_unknown", "moderation", "other_url"]) {
      assert.ok(await page.isDisabled(id("apply")), `nothing is applied before ${code} is agreed to`);
      await page.locator(id(`agree-${code}`)).focus();
      await page.keyboard.press("Space");
    }
    await page.click(id("preset-presence"));
    await page.waitForFunction((selector) => document.querySelector(selector)?.getAttribute("aria-busy") === "false", id("plan"));
    assert.equal(await page.isChecked(id("agree-moderation")), false, "another choice is agreed to anew");

    await page.goto(`${base}#/callbacks`);
    await standing(page, "drift");
    const card = page.locator(`${id("product-card")}[data-product=live][data-state=drift]`);
    await card.waitFor();
    await card.locator("a").focus();
    await page.keyboard.press("Enter");
    assert.match(await page.locator(id("drift")).textContent(), like(text.callbacks.removed(1)), "what somebody else did is told");
    assert.equal(await page.locator(`${id("drift-removed")} .word`).textContent(), "Live.CallbackAfterMemberStateChanged", "and which callback it was");
    await page.click(id("put-back"));
    await page.waitForSelector(id("plan"));
    await page.click(id("agree-drops_unknown"));
    await page.click(id("apply"));
    await page.waitForSelector(id("applied"));
    assert.equal(await page.locator(id("standing")).getAttribute("data-state"), "ours");

    await page.goto(`${base}#/callbacks`);
    await standing(page, "drift");
    await page.locator(`${id("product-card")}[data-product=live][data-state=drift]`).click();
    await page.click(id("accept"));
    await page.waitForSelector(id("applied"));
    assert.equal(await page.locator(id("standing")).getAttribute("data-state"), "ours", "what somebody else did may be right");

    await page.goto(`${base}#/callbacks`);
    await standing(page, "overtaken");
    await page.locator(`${id("product-card")}[data-product=room][data-state=nothing]`).click();
    await page.click(id("preset-history"));
    await page.click(id("apply"));
    await page.waitForSelector(id("overtaken"));
    await page.waitForSelector(id("agree-other_url"));
    assert.ok(await page.isDisabled(id("apply")), "the new difference is asked about");

    await page.goto(`${base}#/callbacks`);
    await standing(page, "no-address");
    await page.locator(`${id("product-card")}[data-product=call]`).click();
    await page.click(id("preset-history"));
    await page.waitForSelector(`${id("notice-no_public_url")}[data-level=stop]`);
    await page.fill(`${id("public-address")} input`, "https://calls.example.com");
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("notice-no_public_url"), { state: "detached" });
    await page.click(id("apply"));
    await page.waitForSelector(id("applied"));
  },
  { meant: "409 (Conflict)" },
);

walk("callbacks: records are read", async (page, base, text) => {
  const { records } = text.callbacks;
  const state = page.locator(id("records-state"));
  const says = (words) => reads(page, `${id("records-state")} time`, words);
  await page.goto(`${base}#/calls`);
  await standing(page, "ours");
  await page.click(id("nav-callbacks"));
  await says(records.read(ANY, 1_284, 2));
  await page.locator(id("records-read")).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${id("records-state")}[data-busy=true]`);
  await page.click(id("records-cancel"));
  await page.waitForSelector(`${id("records-state")}[data-busy=false]`);
  const stopped = new RegExp(like(records.canceled(ANY, 777, 0)).source.replace("777", "[\\d,]+"));
  assert.match(await state.textContent(), stopped, "what was read until then is told");
  await page.click(id("records-read"));
  await says(records.read(ANY, 1_284, 0));
  assert.equal(await page.locator(id("records-problem")).count(), 0);

  await standing(page, "error");
  await page.click(id("records-read"));
  await page.waitForSelector(id("records-problem"));
  await standing(page, "no-key");
  await page.locator(id("records"), { hasText: records.noKey }).waitFor();
  assert.equal(await page.locator(id("records-read")).count(), 0, "nobody can be asked");
});

walk("callbacks: sent again to another address", async (page, base, text) => {
  const { forward } = text.callbacks;
  await page.goto(`${base}#/calls`);
  await page.evaluate(() => fetch("/api/mock/forward"));
  await standing(page, "ours");
  await page.click(id("nav-callbacks"));
  await page.locator(id("forward-replay")).first().click();
  assert.equal(await page.getAttribute(id("forward-replay-dialog-yes"), "aria-disabled"), "true", "not the whole record by mistake");
  await page.fill(id("forward-replay-from"), "2026-11-20");
  await page.click(id("forward-replay-dialog-yes"));
  await page.getByText(forward.requeued(240), { exact: true }).waitFor();
  await page.locator(id("forward-replay")).first().click();
  assert.equal(await page.inputValue(id("forward-replay-from")), "", "each time anew");
  await page.fill(id("forward-replay-from"), "2026-11-20");
  await page.selectOption(id("forward-replay-family"), "live");
  await page.click(id("forward-replay-dialog-yes"));
  await page.getByText(forward.requeued(3), { exact: true }).waitFor();
});
