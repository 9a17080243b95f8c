// Every screen of the window in each of its states, against the seeded mock: a name, and how to come to it from the one before.

const id = (name) => `[data-testid=${name}]`;

/** Steps in their order, for a server at this address. */
export function screens(base) {
  /** Shows a screen of a record that is in this state. */
  async function show(page, state, screen) {
    await page.goto(`${base}#/${screen}`);
    await page.evaluate((name) => fetch(`/api/mock/state?${name}`), state);
    await page.waitForTimeout(700);
  }

  /** Puts Tencent's side into this state. */
  const tencent = (page, state) => page.evaluate((name) => fetch(`/api/mock/connection?${name}`), state);
  const setPublic = (page, url) => page.evaluate((public_url) => fetch("/api/settings", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ public_url }) }), url);

  /** Opens the form of the first app while Tencent's side is in this state. */
  async function appForm(page, state) {
    await page.goto(`${base}#/calls`);
    await tencent(page, state);
    await page.goto(`${base}#/settings`);
    await page.locator(id("app-edit")).first().click();
  }

  /** Waits for a part of what is said of signing, and shows it. */
  async function signing(page, part) {
    await page.waitForSelector(id(part));
    await page.locator(id("signing")).evaluate((whole) => whole.scrollIntoView({ block: "center" }));
  }

  /** Shows the callbacks of the seeded apps as they stand, and what is under this address. */
  async function callbacks(page, standing, rest = "") {
    await page.goto(`${base}#/damage`);
    await page.evaluate((name) => fetch(`/api/mock/callbacks?${name}`), standing);
    await page.goto(`${base}#/callbacks?app=1400123456${rest}`);
    await page.waitForTimeout(900);
  }

  const callbackSteps = [
    ["callbacks", async (page) => callbacks(page, "several")],
    ["callbacks-no-apps", async (page) => callbacks(page, "no-apps")],
    ["callbacks-no-address", async (page) => callbacks(page, "no-address")],
    ["callbacks-unread", async (page) => callbacks(page, "unread")],
    ["callbacks-errors", async (page) => callbacks(page, "error")],
    ["callbacks-no-key", async (page) => callbacks(page, "no-key", "&open=call")],
    ["callbacks-error", async (page) => callbacks(page, "error", "&open=live")],
    ["callbacks-reading", async (page) => callbacks(page, "slow", "&open=live")],
    ["callbacks-nothing", async (page) => callbacks(page, "nothing", "&open=live")],
    ["callbacks-plan", async (page) => { await page.click(id("preset-presence")); await page.waitForSelector(id("plan")); }],
    ["callbacks-one-by-one", async (page) => { await page.click(id("choose-one-by-one")); await page.locator(id("one-by-one")).evaluate((one) => one.scrollIntoView()); }],
    ["callbacks-sure", async (page) => page.locator(id(`"command-Live.CallbackBeforeSendGift"`)).click()],
    ["callbacks-applied", async (page) => { await page.click(id("sure-no")); await page.click(id("apply")); await page.waitForSelector(id("applied")); }],
    ["callbacks-history", async (page) => { await page.locator(id("history")).scrollIntoViewIfNeeded(); await page.locator(`${id("change")} summary`).first().click(); }],
    ["callbacks-restore", async (page) => { await page.click(id("restore-1")); await page.waitForSelector(id("plan")); }],
    ["callbacks-ours", async (page) => callbacks(page, "ours", "&open=live")],
    ["callbacks-stop", async (page) => { await page.click(id("stop-sending")); await page.waitForSelector(id("plan")); }],
    ["callbacks-other", async (page) => callbacks(page, "other", "&open=live")],
    ["callbacks-notices", async (page) => { await page.click(id("preset-everything")); await page.waitForSelector(id("plan")); }],
    ["callbacks-earlier", async (page) => callbacks(page, "earlier", "&open=live")],
    ["callbacks-drift", async (page) => callbacks(page, "drift", "&open=live")],
    ["callbacks-drift-away", async (page) => callbacks(page, "drift-away", "&open=call")],
    ["callbacks-accepted", async (page) => { await page.click(id("accept")); await page.waitForSelector(id("applied")); }],
    ["callbacks-unconfirmed", async (page) => { await callbacks(page, "unconfirmed", "&open=call"); await page.click(id("preset-history")); await page.click(id("apply")); await page.waitForSelector(id("applied")); }],
    ["callbacks-stopped", async (page) => { await callbacks(page, "no-address", "&open=call"); await page.click(id("preset-history")); await page.waitForSelector(id("plan")); }],
    ["callbacks-rtc", async (page) => callbacks(page, "several", "&open=rtc")],
    ["callbacks-rtc-refused", async (page) => callbacks(page, "rtc-refused", "&open=rtc")],
  ];

  /** Scrolls the list to a share of its length. */
  const scroll = (page, share) => page.locator("[role=grid]").evaluate((grid, part) => (grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight)), share);

  const listSteps = [
    ["million-top", async (page) => { await page.goto(`${base}#/damage`); await page.evaluate(() => fetch("/api/mock/million?on")); await page.goto(`${base}#/calls`); await page.waitForSelector(id("scroll-map")); }],
    ["million-middle", async (page) => { await scroll(page, 0.5); await page.waitForTimeout(400); await scroll(page, 0.42); }],
    ["million-waiting", async (page) => { await page.route("**/api/calls?*", (route) => setTimeout(() => route.continue().catch(() => {}), 1_500)); await scroll(page, 0.7); }],
    ["million-end", async (page) => { await page.unroute("**/api/calls?*"); await page.locator("[role=grid]").focus(); await page.keyboard.press("End"); await page.waitForSelector("[aria-selected=true][data-call-id]"); }],
    ["million-date", async (page) => { await page.keyboard.press("g"); await page.waitForSelector(id("go-to-date-field")); }],
    ["million-open", async (page) => { await page.keyboard.press("Escape"); await page.keyboard.press("Home"); await page.keyboard.press("Enter"); await page.waitForSelector(id("call-detail")); }],
    ["million-facets", async (page) => { await page.keyboard.press("Escape"); await page.click(id("filter-result")); await page.locator("[data-value=not_answer] .rows").waitFor(); }],
    ["million-facets-media", async (page) => { await page.keyboard.press("Escape"); await page.click(id("filter-media")); await page.locator("[data-value=audio] .rows").waitFor(); await page.evaluate(() => fetch("/api/mock/million?off")); }],
  ];

  const steps = [
    ["calls", async (page) => page.goto(`${base}#/calls`)],
    ["call-open", async (page) => page.locator("[data-testid=call-row]").nth(4).click()],
    ["call-bottom", async (page) => page.locator("[data-testid=call-detail] .body").evaluate((body) => (body.scrollTop = 9999))],
    ["call-disputed", async (page) => { await page.keyboard.press("Escape"); await page.locator("[data-testid=call-row]").nth(5).click(); }],
    ["call-silent", async (page) => { await page.keyboard.press("Escape"); await page.locator("[data-testid=call-row]").nth(7).click(); }],
    ["filter", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=filter-result]"); }],
    ["period", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=filter-period]"); }],
    ["export-options", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=call-export-options]"); }],
    ["found", async (page) => { await page.goto(`${base}#/calls`); await page.fill("[data-testid=search]", "desk"); await page.locator("mark").first().waitFor(); }],
    ["none", async (page) => { await page.keyboard.press("Escape"); await page.fill("[data-testid=search]", "no such thing"); await page.waitForTimeout(400); }],
    ["rooms", async (page) => page.goto(`${base}#/rooms`)],
    ["room-open", async (page) => page.locator("[data-testid=room-row]").nth(1).click()],
    ["room-stays", async (page) => page.locator("[data-testid=stay-row]").first().evaluate((row) => row.scrollIntoView())],
    ["room-life", async (page) => page.locator("[data-testid=life-row] button").nth(1).click()],
    ["room-life-stays", async (page) => page.locator("[data-testid=stay-row]").first().evaluate((row) => row.scrollIntoView())],
    ["room-details", async (page) => page.locator("[data-testid=room-totals]").scrollIntoViewIfNeeded().then(() => page.locator("[data-testid=room-detail] .body").evaluate((body) => body.scrollBy(0, 560)))],
    ["deliveries", async (page) => page.goto(`${base}#/deliveries`)],
    ["delivery-open", async (page) => page.locator("[data-quarantined]").first().click()],
    ["settings", async (page) => page.goto(`${base}#/settings`)],
    ["backups", async (page) => { await page.click(id("backup-now")); await page.waitForSelector(id("backup-made")); }],
    ["backup-restore", async (page) => { await page.locator(id("backup-restore")).nth(1).click(); }],
    ["backup-restored", async (page) => { await page.click(id("backup-restore-sure")); await page.waitForSelector(id("backup-restored")); }],
    ...["failing", "locked", "held-back", "turned-away", "filling", "rebuilding", "rebuild-failed", "checking", "backup-failed", "clock", "exchanged", "all"].map((state) => [`state-${state}`, async (page) => show(page, state, "calls")]),
    ["damage-none", async (page) => show(page, "well", "damage")],
    ["damage", async (page) => show(page, "damaged", "damage")],
    ["damage-restored", async (page) => { await page.click(id("damage-restore")); await page.waitForSelector(id("backup-restored")); }],
    ["damage-saving", async (page) => show(page, "saving", "damage")],
    ["review-begin", async (page) => show(page, "well", "review")],
    ["review-running", async (page) => { await page.click(id("review-begin")); await page.waitForTimeout(600); }],
    ["review", async (page) => page.waitForSelector(id("review"))],
    ["review-declined", async (page) => page.click(id("review-decline"))],
    ["state-review", async (page) => show(page, "review", "deliveries")],
    ["start", async (page) => { await show(page, "well", "start"); await page.goto(`${base}#/start`); await page.click("[data-testid=first-run-test]"); await page.waitForSelector("[data-testid=first-run-arrived]"); }],
    ["connection-nothing", async (page) => { await tencent(page, "nothing"); await page.goto(`${base}#/settings`); await page.waitForSelector(id("connection")); await page.locator("h1").click(); await page.evaluate(() => document.querySelector(".page").scrollTo(0, 0)); }],
    ["connection-ok", async (page) => { await setPublic(page, "https://calls.example.com"); await tencent(page, "ok"); await page.reload(); await page.click(id("test-public")); await page.waitForSelector(`${id("test-public-told")}[data-state=arrived]`); }],
    ["connection-attention", async (page) => { await tencent(page, "secrets"); await tencent(page, "attention"); await page.reload(); await page.click(id("test-public")); await page.click(id("test-address")); await page.waitForSelector(`${id("read-told-address")} .told`); }],
    ["connection-clock", async (page) => { await tencent(page, "clock"); await page.reload(); await page.waitForSelector(id("clock-warning")); }],
    ["apps", async (page) => page.locator(id("app-row")).first().scrollIntoViewIfNeeded()],
    ["app-form", async (page) => { await page.locator(id("app-edit")).first().click(); await page.locator(id("app-form")).evaluate((form) => form.scrollIntoView({ block: "start" })); }],
    ["app-form-saved", async (page) => { await page.selectOption(id("app-region"), "other"); await page.fill(id("app-host"), "adminapisgp.im.qcloud.com"); await page.fill(id("rtc-key"), "abc"); await page.click(id("secrets-save")); await page.locator(`${id("app-told")} .told`).nth(1).waitFor(); await page.locator(id("app-told")).scrollIntoViewIfNeeded(); }],
    ["app-form-no-key", async (page) => { await appForm(page, "no-secrets"); await page.locator(id("live-token")).scrollIntoViewIfNeeded(); }],
    ...["off", "another", "only-here", "unknown"].map((state) => [`signing-${state}`, async (page) => { await appForm(page, `signing-${state}`); await signing(page, "signing-situation"); }]),
    ["signing-made", async (page) => { await appForm(page, "signing-off"); await page.click(id("signing-make")); await signing(page, "signing-stop"); }],
    ["signing-refused", async (page) => { await appForm(page, "signing-fails"); await page.click(id("signing-make")); await signing(page, "signing-problem"); await tencent(page, "nothing"); }],
    ["ways", async (page) => { await page.goto(`${base}#/ways`); await page.waitForSelector(id("ways-in")); }],
    ...["tailscale", "ngrok", "ssh", "proxy", "forwarding"].map((way) => [`ways-${way}`, async (page) => { await page.locator(`${id(`way-${way}`)} summary`).click(); await page.locator(id(`way-${way}`)).evaluate((part) => part.scrollIntoView({ block: "start" })); }]),
    ["ways-end", async (page) => page.locator(id("ways-in")).evaluate((part) => part.scrollTo(0, 99999))],
    ["start-top", async (page) => page.goto(`${base}#/start`)],
    ["start-chain", async (page) => { await page.waitForSelector(id("connection")); await page.locator(id("connection")).evaluate((part) => part.scrollIntoView({ block: "center" })); }],
    ["demo-start", async (page) => { await page.locator(id("demo-start")).scrollIntoViewIfNeeded(); await page.click(id("demo-start")); }],
    ["demo-calls", async (page) => { await page.waitForSelector(id("demo-banner")); await page.locator(id("call-row")).first().waitFor(); }],
    ["demo-filling", async (page) => { await tencent(page, "no-demo"); await page.waitForSelector(id("demo-banner"), { state: "detached" }); await tencent(page, "demo"); await page.reload(); await page.waitForSelector(`${id("demo-banner")} progress`); }],
    ["demo-removed", async (page) => { await page.click(id("demo-remove")); await page.waitForSelector(id("demo-banner"), { state: "detached" }); await setPublic(page, null); await tencent(page, "nothing"); }],
  ];

  return [...steps, ...listSteps, ...callbackSteps];
}

/** Opens a page in which a slow step is told, and whatever the page complains of. */
export async function watchedPage(browser, name, options, complaints) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(8000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.stack ?? error.message}`));
  return page;
}

/** The way in that does not work is answered so on purpose. */
export const isComplaint = (line) => !line.includes("502 (Bad Gateway)");
