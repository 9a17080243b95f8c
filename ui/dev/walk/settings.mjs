// The first run, the settings, and the demo.
import assert from "node:assert/strict";

import { ANY, id, like, walk } from "./stage.mjs";

walk(
  "first run",
  async (page, base, text) => {
    await page.goto(base);
    await page.waitForSelector(id("first-run"));
    assert.match(await page.inputValue(id("settings-hook-url")), /\/hook\//, "the address is there to copy");
    await page.fill(id("app-add-id"), "14a");
    await page.click(id("app-add-save"));
    await page.getByText(text.settings.badAppId).waitFor();
    await page.fill(id("app-add-id"), "1400123456");
    await page.click(id("app-add-save"));
    await page.waitForSelector(id("first-run-apps"));
    await page.waitForSelector(id("start-no-key"));
    await page.fill(id("app-add-id"), "1400123456");
    await page.fill(id("app-add-key"), "0123456789abcdef");
    await page.click(id("app-add-save"));
    await page.waitForSelector(id("start-choose"));
    await page.waitForSelector(id("start-no-key"), { state: "detached" });
    assert.equal(await page.inputValue(id("app-add-key")), "", "the key is cleared at once");
    await page.click(id("first-run-test"));
    await page.waitForSelector(id("first-run-arrived"));
    await page.click(id("first-run-finish"));
    await page.getByText(text.calls.emptyTitle).waitFor();
  },
  { mock: { MOCK: "first-run" } },
);

walk(
  "connection",
  async (page, base, text) => {
    await page.goto(`${base}#/settings`);
    const links = page.locator(`${id("connection")} li`);
    await links.nth(3).waitFor();
    assert.deepEqual(
      await links.evaluateAll((rows) => rows.map((row) => `${row.dataset.testid} ${row.dataset.state}`)),
      ["link-listener ok", "link-address ok", "link-commands ok", "link-callback ok"],
      "four links, in the order of the way",
    );
    assert.match(
      await links.nth(1).textContent(),
      like(`${text.connection.states.ok} ${text.connection.proof.address(text.times.ago(ANY))}`),
      "the state is a word, and the proof has its age",
    );
    assert.equal(await page.locator(id("test-public")).count(), 0, "without a public address there is no way in to test");
    await page.locator(id("test-local")).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(`${id("test-local-told")}[data-state=arrived]`);
    await page.click(id("test-address"));
    await page.getByText(text.connection.noKey).waitFor();
    await page.evaluate(() => fetch("/api/mock/connection?secrets"));
    await page.waitForSelector(`${id("secret-state-secret_key")}[data-state=set]`);
    await page.click(id("test-commands"));
    await page.getByText(text.connection.readDone(4)).waitFor();
    await page.evaluate(() => fetch("/api/mock/connection?clock"));
    await page.waitForSelector(id("clock-warning"));
    assert.equal(await page.getAttribute(id("connection"), "data-verdict"), "attention", "a wrong clock is not all well");
  },
  { mock: { MOCK: "ok" } },
);

walk("ways in", async (page, base, text) => {
  await page.goto(`${base}#/settings`);
  await page.click(id("ways-link"));
  await page.waitForSelector(id("ways-in"));
  assert.equal(await page.textContent("[data-code=quick]"), "cloudflared tunnel --url http://127.0.0.1:8787", "the command is for the address in use");
  await page.locator(`${id("way-ngrok")} summary`).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((selector) => document.querySelector(selector)?.open, id("way-ngrok"));
  assert.ok(await page.locator("[data-code=http]").isVisible(), "a way opens by keyboard");
  await page.getByLabel(text.settings.publicUrl).fill("https://abc.trycloudflare.com");
  await page.keyboard.press("Enter");
  await page.click(id("test-public"));
  await page.waitForSelector(`${id("test-public-told")}[data-state=arrived]`);
});

walk(
  "secrets",
  async (page, base, text) => {
    await page.goto(`${base}#/settings`);
    const row = page.locator(id("app-row")).first();
    await row.locator(id("app-edit")).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("app-form"));
    for (const field of ["secret-key", "live-token", "rtc-key"]) {
      const { type, autocomplete, value } = await page
        .locator(id(field))
        .evaluate((input) => ({ type: input.type, autocomplete: input.autocomplete, value: input.value }));
      assert.deepEqual({ type, autocomplete, value }, { type: "password", autocomplete: "off", value: "" }, `${field} is hidden, not remembered and empty`);
    }
    await page.fill(id("secret-key"), "  0123456789abcdef\n");
    await page.selectOption(id("app-region"), "tokyo");
    const [sent] = await Promise.all([page.waitForRequest((request) => request.method() === "PUT"), page.click(id("secrets-save"))]);
    assert.deepEqual(sent.postDataJSON(), { secret_key: "0123456789abcdef" }, "only what was typed is sent");
    await page.getByText(text.apps.keptInFile("/home/ann")).waitFor();
    assert.equal(await page.inputValue(id("secret-key")), "", "it is cleared at once");
    await row
      .locator(`${id("secret-state-secret_key")}[data-state=set]`)
      .first()
      .waitFor();
    const tokyo = await page.locator(`${id("app-region")} option[value=tokyo]`).textContent();
    await row.getByText(text.apps.at(tokyo.split(/ ?[(（]/)[0])).waitFor();
    assert.ok(!(await page.content()).includes("0123456789abcdef"), "the secret is nowhere in the page");
    await page.selectOption(id("app-region"), "other");
    await page.fill(id("app-host"), "mars");
    await page.route("**/api/apps", (request) =>
      request.request().method() === "POST"
        ? request.fulfill({ status: 400, json: { code: "bad_request", message: "mars is no region." } })
        : request.continue(),
    );
    await page.click(id("secrets-save"));
    await page.waitForSelector(id("app-problem"));
    assert.equal(await page.inputValue(id("app-host")), "mars", "what was typed stays to be corrected");
    await page.click(id("secret-key-forget"));
    await row
      .locator(`${id("secret-state-secret_key")}[data-state=none]`)
      .first()
      .waitFor();
    await page.locator(id("app-admin")).focus();
    await page.keyboard.press("Escape");
    await page.waitForSelector(id("app-form"), { state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "app-edit", "the keyboard is where it was");
  },
  { mock: { MOCK: "file" }, meant: "400 (Bad Request)" },
);

walk(
  "signing",
  async (page, base, text) => {
    await page.goto(`${base}#/settings`);
    const row = page.locator(id("app-row")).first();
    await row.locator(id("app-edit")).click();
    await page.getByText(text.signing.off).waitFor();
    const [sent] = await Promise.all([page.waitForRequest((request) => request.method() === "PUT"), page.locator(id("signing-make")).press("Enter")]);
    assert.ok(sent.url().endsWith("/api/apps/1400123456/signing") && sent.postDataJSON().on === true, "one request does both sides");
    await page.getByText(text.signing.both).waitFor();
    await row
      .locator(`${id("secret-state-live_token")}[data-state=set]`)
      .first()
      .waitFor();
    assert.match(await page.textContent(id("signing-told")), like(text.signing.on), "what happened is said, also to who only hears");
    await page.fill(id("live-token"), "another one");
    await page.click(id("secrets-save"));
    await page.evaluate(() => fetch("/api/mock/connection?signing-another"));
    await page.click(id("app-form-close"));
    await row.locator(id("app-edit")).click();
    await page.getByText(text.signing.differ).waitFor();
    await page.click(id("signing-take"));
    await page.getByText(text.signing.both).waitFor();
    await page.click(id("signing-stop"));
    await page.getByText(text.signing.off).waitFor();
    await row
      .locator(`${id("secret-state-live_token")}[data-state=none]`)
      .first()
      .waitFor();
    await page.click(id("secret-key-forget"));
    await page.waitForSelector(id("signing"), { state: "detached" });
    await page.fill(id("app-label"), "");
    const [kept] = await Promise.all([page.waitForRequest((request) => request.method() === "POST"), page.click(id("secrets-save"))]);
    assert.deepEqual(kept.postDataJSON(), { id: "1400123456", label: "" }, "an emptied field is sent, what was not changed is not");
    await row
      .locator(id("app-edit"))
      .and(page.getByLabel(text.apps.editLabel("1400123456")))
      .waitFor();
  },
  { mock: { MOCK: "signing-off" } },
);

walk(
  "demo",
  async (page, base, text) => {
    await page.goto(base);
    await page.waitForSelector(id("first-run"));
    await page.locator(id("demo-start")).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(id("demo-banner"));
    await page.locator(id("call-row")).first().waitFor();
    assert.ok((await page.title()).includes(text.demo.name), "the window says so too");
    for (const screen of ["rooms", "deliveries", "settings"]) {
      await page.click(id(`nav-${screen}`));
      assert.ok(await page.locator(id("demo-banner")).isVisible(), `the banner is on ${screen}`);
    }
    await page.waitForSelector(`${id("demo-banner")} progress`, { state: "detached" });
    await page.click(id("demo-remove"));
    await page.waitForSelector(id("demo-banner"), { state: "detached" });
    await page.waitForSelector(id("first-run"));
    await page.click(id("nav-calls"));
    await page.getByText(text.calls.emptyTitle).waitFor();
  },
  { mock: { MOCK: "first-run" } },
);

walk(
  "scheduled exports",
  async (page, base, text) => {
    await page.goto(`${base}#/followup?tab=done`);
    await page.locator(id("case-row")).first().waitFor();
    await page.goto(`${base}#/settings`);
    await page.getByText(text.schedules.none).waitFor();
    await page.click(id("schedule-add"));
    await page.selectOption(id("schedule-kind"), "cases");
    assert.ok(!(await page.isChecked(id("schedule-filtered"))), "the whole list, as long as nobody wants what it shows");
    assert.equal(
      await page.textContent("#schedule-filtered-rows"),
      text.punctuation.named(text.followUp.columns.state, text.followUp.tabs.done),
      "what that is, in words",
    );
    assert.equal(await page.getAttribute(id("schedule-form-yes"), "aria-disabled"), "true", "there is no folder yet");
    await page.selectOption(id("schedule-kind"), "report");
    await page.selectOption(id("schedule-report"), "html");
    assert.match(await page.textContent(id("schedule-example")), /^report \d{4}-\d\d-\d\d\.html$/);
    await page.selectOption(id("schedule-kind"), "rooms");
    await page.click(id("schedule-every-week"));
    assert.equal(
      await page.inputValue(id("schedule-name")),
      text.schedules.named(text.exports.kinds.rooms, text.schedules.every.week),
      "the name follows what is chosen",
    );
    await page.fill(id("schedule-file-name"), "{list} {from} {to}");
    assert.match(await page.textContent(id("schedule-example")), /^rooms \d{4}-\d\d-\d\d \d{4}-\d\d-\d\d\.\w+$/, "the example is filled in");
    await page.fill(id("schedule-folder"), "Reports");
    await page.click(id("schedule-form-yes"));
    await page.getByText(text.problems.requests.schedule_folder_not_whole()).waitFor();
    await page.click(id("schedule-choose-folder"));
    await page.waitForFunction((folder) => document.querySelector(folder).value === "/home/anna/Reports", id("schedule-folder"));
    await page.click(id("schedule-form-yes"));
    const row = page.locator(id("schedule"));
    await row.getByText(text.schedules.never).waitFor();
    assert.match(await page.textContent(id("schedule-planned")), new RegExp(`^${text.exports.kinds.rooms}.*07:00`), "what is exported, and when");
    await page.click(id("schedule-run"));
    await page.waitForSelector(id("schedule-last"));
    await page.click(id("schedule-pause"));
    await row.getByText(text.schedules.paused).waitFor();
    await page.click(id("schedule-remove"));
    await page.click(id("schedule-sure-yes"));
    await page.getByText(text.schedules.none).waitFor();
  },
  { mock: { MOCK_DESKTOP: "1" }, meant: "400 (Bad Request)" },
);

walk("links for spreadsheets", async (page, base, text) => {
  await page.goto(`${base}#/calls?result=reject&period=last7`);
  await page.locator(id("call-row")).first().waitFor();
  await page.click(id("call-export-options"));
  await page.click(id("export-link"));
  await page.waitForSelector(id("refreshing-form"));
  assert.equal(await page.inputValue(id("refreshing-period")), "last-7-days", "the period of the list, but it moves");
  assert.ok(await page.isChecked(id("refreshing-filtered")), "and its filters");
  const { calls, rooms } = text.exports.kinds;
  assert.equal(await page.inputValue(id("refreshing-name")), text.links.named(calls, text.links.periods["last-7-days"]));
  await page.selectOption(id("refreshing-kind"), "rooms");
  await page.selectOption(id("refreshing-period"), "this-month");
  assert.equal(await page.inputValue(id("refreshing-name")), text.links.named(rooms, text.links.periods["this-month"]), "the name follows");
  await page.selectOption(id("refreshing-use"), "spreadsheet");
  await page.click(id("refreshing-form-yes"));
  const link = page.locator(id("refreshing"));
  await link.getByText(text.links.never).waitFor();
  const before = await link.locator(id("refreshing-address")).inputValue();
  assert.match(before, /^http:\/\/127\.0\.0\.1:8789\/links\/[0-9a-f]{32}\/rooms\.csv$/);
  const offers = (words) => page.locator(id("links-switch")).getByText(words, { exact: true }).waitFor();
  await offers(text.links.switchOn);
  await page.click(id("links-switch"));
  await offers(text.links.switchOff);
  await page.fill(id("links-port"), "80");
  assert.ok(await page.isDisabled(id("links-port-save")), "that port needs a permission");
  await page.fill(id("links-port"), "9100");
  await page.click(id("links-port-save"));
  await page.waitForFunction((address) => document.querySelector(address)?.value.includes(":9100/"), id("refreshing-address"));
  await page.click(id("refreshing-renew"));
  await page.click(id("refreshing-sure-yes"));
  await page.waitForFunction(([address, key]) => !document.querySelector(address)?.value.includes(key), [id("refreshing-address"), before.split("/")[4]]);
  await page.click(id("refreshing-remove"));
  await page.click(id("refreshing-sure-yes"));
  await page.getByText(text.links.none).waitFor();
  await page.click(id("links-switch"));
  await offers(text.links.switchOn);
});
