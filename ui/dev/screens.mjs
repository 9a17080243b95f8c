// Every screen of the window in each of its states, against the seeded mock: a name, and how to come to it from the one before.

import { chromium } from "playwright-core";

import { served } from "./served.mjs";

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
  const setPublic = (page, url) =>
    page.evaluate(
      (public_url) => fetch("/api/settings", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ public_url }) }),
      url,
    );

  /** Goes to another screen, so that the next one is read anew. */
  async function leave(page) {
    await page.goto(`${base}#/damage`);
    await page.waitForSelector(id("damage-page"), { state: "attached" });
  }

  /** Opens the form of the first app while Tencent's side is in this state. */
  async function appForm(page, state) {
    await page.goto(`${base}#/calls`);
    await tencent(page, state);
    await page.goto(`${base}#/settings`);
    await page.locator(id("app-edit")).first().click();
  }

  /** Shows what is around the window, as if these pages were in one that goes there when it is closed. */
  async function settingsOfWindow(page, refuge) {
    await leave(page);
    await page.evaluate((name) => fetch(`/api/mock/desktop?${name}`), refuge);
    await page.goto(`${base}#/settings`);
    await page.locator(id("quit")).evaluate((button) => button.scrollIntoView({ block: "center" }));
  }

  /** Waits for a part of what is said of signing, and shows it. */
  async function signing(page, part) {
    await page.waitForSelector(id(part));
    await page.locator(id("signing")).evaluate((whole) => whole.scrollIntoView({ block: "center" }));
  }

  /** Shows the callbacks of the seeded apps as they stand, and what is under this address. */
  async function callbacks(page, standing, rest = "") {
    await leave(page);
    await page.evaluate((name) => fetch(`/api/mock/callbacks?${name}`), standing);
    await page.goto(`${base}#/callbacks?app=1400123456${rest}`);
    await page.waitForTimeout(900);
  }

  /** Shows what is known of the record's completeness while it stands so. */
  async function completeness(page, standing, screen = "completeness") {
    await leave(page);
    await page.evaluate((name) => fetch(`/api/mock/completeness?${name}`), standing);
    await page.goto(`${base}#/${screen}`);
    await page.waitForTimeout(1_300);
  }

  const completenessSteps = [
    ["completeness", async (page) => completeness(page, "gaps")],
    [
      "completeness-month",
      async (page) => {
        await page.click(id("completeness-period-month"));
        await page.waitForSelector("[data-why=killed]");
      },
    ],
    ["completeness-no-key", async (page) => completeness(page, "no-key")],
    ["completeness-no-key-calls", async (page) => completeness(page, "no-key", "calls")],
    ["completeness-whole", async (page) => completeness(page, "whole")],
    ["completeness-calls", async (page) => completeness(page, "gaps", "calls")],
  ];

  const callbackSteps = [
    ["callbacks", async (page) => callbacks(page, "several")],
    [
      "callbacks-many-apps",
      async (page) => {
        await page.evaluate(() => fetch("/api/mock/apps?many"));
        await page.locator(`input${id("app-choice")}`).click();
        await page.evaluate(() => fetch("/api/mock/apps?few"));
      },
    ],
    [
      "callbacks-records",
      async (page) => {
        await callbacks(page, "ours");
        await page.locator(id("records-read")).scrollIntoViewIfNeeded();
        await page.click(id("records-read"));
        await page.waitForSelector(`${id("records-state")}[data-busy=true]`);
      },
    ],
    [
      "callbacks-records-error",
      async (page) => {
        await callbacks(page, "error");
        const busy = (is) => page.waitForSelector(`${id("records-state")}[data-busy=${is}]`);
        // The run that the screen before this one began may go on still, or have ended in the same way.
        await busy(false);
        await page.click(id("records-read"));
        await busy(true);
        await busy(false);
        await page.locator(id("records-problem")).scrollIntoViewIfNeeded();
      },
    ],
    [
      "callbacks-forward",
      async (page) => {
        await leave(page);
        await page.evaluate(() => fetch("/api/mock/forward"));
        await callbacks(page, "ours");
        await page.waitForSelector(id("forward-target"));
        await page.locator(id("forward")).evaluate((whole) => whole.scrollIntoView());
      },
    ],
    [
      "callbacks-forward-answers",
      async (page) => {
        await page.locator(id("forward-answers")).first().click();
        await page
          .locator(id("forward-answers"))
          .last()
          .evaluate((box) => box.scrollIntoView({ block: "center" }));
      },
    ],
    [
      "callbacks-forward-private",
      async (page) => {
        await page.fill(id("forward-url"), "http://localhost:9000/callback");
        await page.click(id("forward-add"));
        await page.locator(id("forward-problem")).scrollIntoViewIfNeeded();
      },
    ],
    [
      "callbacks-forward-remove",
      async (page) => {
        await page.locator(id("forward-remove")).first().click();
        await page.waitForSelector(id("forward-sure"));
      },
    ],
    [
      "callbacks-forward-replay",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(id("forward-replay")).first().click();
        await page.waitForSelector(id("forward-replay-dialog"));
      },
    ],
    ["callbacks-no-apps", async (page) => callbacks(page, "no-apps")],
    ["callbacks-no-address", async (page) => callbacks(page, "no-address")],
    ["callbacks-unread", async (page) => callbacks(page, "unread")],
    ["callbacks-errors", async (page) => callbacks(page, "error")],
    ["callbacks-no-key", async (page) => callbacks(page, "no-key", "&open=call")],
    ["callbacks-error", async (page) => callbacks(page, "error", "&open=live")],
    ["callbacks-reading", async (page) => callbacks(page, "slow", "&open=live")],
    ["callbacks-nothing", async (page) => callbacks(page, "nothing", "&open=live")],
    [
      "callbacks-plan",
      async (page) => {
        await page.click(id("preset-presence"));
        await page.waitForSelector(id("plan"));
      },
    ],
    [
      "callbacks-one-by-one",
      async (page) => {
        await page.click(id("choose-one-by-one"));
        await page.locator(id("one-by-one")).evaluate((one) => one.scrollIntoView());
      },
    ],
    ["callbacks-sure", async (page) => page.locator(id(`"command-Live.CallbackBeforeSendGift"`)).click()],
    [
      "callbacks-applied",
      async (page) => {
        await page.click(id("sure-no"));
        await page.click(id("apply"));
        await page.waitForSelector(id("applied"));
      },
    ],
    [
      "callbacks-history",
      async (page) => {
        await page.locator(id("history")).scrollIntoViewIfNeeded();
        await page
          .locator(`${id("change")} summary`)
          .first()
          .click();
      },
    ],
    [
      "callbacks-restore",
      async (page) => {
        await page.click(id("restore-1"));
        await page.waitForSelector(id("plan"));
      },
    ],
    ["callbacks-ours", async (page) => callbacks(page, "ours", "&open=live")],
    [
      "callbacks-stop",
      async (page) => {
        await page.click(id("stop-sending"));
        await page.waitForSelector(id("plan"));
      },
    ],
    ["callbacks-other", async (page) => callbacks(page, "other", "&open=live")],
    [
      "callbacks-notices",
      async (page) => {
        await page.click(id("preset-everything"));
        await page.waitForSelector(id("plan"));
      },
    ],
    [
      "callbacks-keep",
      async (page) => {
        await page.click(id("keep-sending"));
        await page.locator(id("keep-sending")).evaluate((box) => box.scrollIntoView({ block: "center" }));
      },
    ],
    ["callbacks-earlier", async (page) => callbacks(page, "earlier", "&open=live")],
    ["callbacks-drift", async (page) => callbacks(page, "drift", "&open=live")],
    ["callbacks-drift-away", async (page) => callbacks(page, "drift-away", "&open=call")],
    [
      "callbacks-accepted",
      async (page) => {
        await page.click(id("accept"));
        await page.waitForSelector(id("applied"));
      },
    ],
    [
      "callbacks-unconfirmed",
      async (page) => {
        await callbacks(page, "unconfirmed", "&open=call");
        await page.click(id("preset-history"));
        await page.click(id("apply"));
        await page.waitForSelector(id("applied"));
      },
    ],
    [
      "callbacks-refused",
      async (page) => {
        await callbacks(page, "refused", "&open=call");
        await page.click(id("preset-history"));
        await page.click(id("apply"));
        await page.waitForSelector(id("applied"));
        await page
          .locator(`${id("change")} summary`)
          .first()
          .click();
      },
    ],
    [
      "callbacks-stopped",
      async (page) => {
        await callbacks(page, "no-address", "&open=call");
        await page.click(id("preset-history"));
        await page.waitForSelector(id("plan"));
      },
    ],
    ["callbacks-rtc", async (page) => callbacks(page, "several", "&open=rtc")],
    ["callbacks-rtc-refused", async (page) => callbacks(page, "rtc-refused", "&open=rtc")],
  ];

  /** Scrolls the list to a share of its length. */
  const scroll = (page, share) =>
    page.locator("[role=grid]").evaluate((grid, part) => (grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight)), share);

  const listSteps = [
    [
      "million-top",
      async (page) => {
        await leave(page);
        await page.evaluate(() => fetch("/api/mock/million?on"));
        await page.goto(`${base}#/calls`);
        await page.waitForSelector(id("scroll-map"));
      },
    ],
    [
      "million-middle",
      async (page) => {
        await scroll(page, 0.5);
        await page.waitForTimeout(400);
        await scroll(page, 0.42);
      },
    ],
    [
      "million-waiting",
      async (page) => {
        await page.route("**/api/calls?*", (route) => setTimeout(() => route.continue().catch(() => {}), 1_500));
        await scroll(page, 0.7);
      },
    ],
    [
      "million-end",
      async (page) => {
        await page.unroute("**/api/calls?*");
        await page.locator("[role=grid]").focus();
        await page.keyboard.press("End");
        await page.waitForSelector("[data-marked][data-call-id]");
      },
    ],
    [
      "million-date",
      async (page) => {
        await page.keyboard.press("g");
        await page.waitForSelector(id("go-to-date-field"));
      },
    ],
    [
      "million-open",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("Home");
        await page.keyboard.press("Enter");
        await page.waitForSelector(id("call-detail"));
      },
    ],
    [
      "million-facets",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("filter-result"));
        await page.locator("[data-value=not_answer] .rows").waitFor();
      },
    ],
    [
      "million-facets-media",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("filter-media"));
        await page.locator("[data-value=audio] .rows").waitFor();
        await page.evaluate(() => fetch("/api/mock/million?off"));
      },
    ],
  ];

  /** Opens somebody on the people screen. */
  async function person(page, user) {
    await page.goto(`${base}#/people?open=${encodeURIComponent(user)}`);
    await page.waitForSelector(id("person-ids"));
  }

  const peopleSteps = [
    [
      "people",
      async (page) => {
        await page.goto(`${base}#/people`);
        await page.locator(id("person-row")).first().waitFor();
      },
    ],
    ["people-open", async (page) => page.locator(`${id("person-row")}[data-user=dr_wang]`).click()],
    ["people-history", async (page) => page.locator(`${id("person-history")} summary`).click()],
    [
      "people-edit",
      async (page) => {
        await page.evaluate(() => fetch("/api/mock/named?yes"));
        await person(page, "patient-0042");
        await page.click(id("person-name"));
      },
    ],
    [
      "people-team",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(`input${id("person-team")}`).click();
        await page.keyboard.type("New people");
      },
    ],
    [
      "people-merge",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(`input${id("person-merge")}`).click();
        await page.getByRole("option").nth(2).waitFor();
      },
    ],
    [
      "people-undo",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("person-ours"));
        await page.waitForSelector(id("undo"));
      },
    ],
    ["people-hostile", async (page) => person(page, "<b>bold</b>")],
    ["people-unnamed", async (page) => person(page, "patient-0117")],
    ["people-nobody", async (page) => page.goto(`${base}#/people?open=nobody-at-all`)],
    [
      "people-selected",
      async (page) => {
        await page.goto(`${base}#/people`);
        await page
          .locator(id("person-row"))
          .nth(1)
          .click({ modifiers: ["Control"] });
        await page
          .locator(id("person-row"))
          .nth(4)
          .click({ modifiers: ["Shift"] });
        await page.waitForSelector(id("selection"));
      },
    ],
    [
      "people-none",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.fill(id("search"), "no such person");
        await page.waitForTimeout(400);
      },
    ],
    [
      "people-found",
      async (page) => {
        await page.fill(id("search"), "7946");
        await page.locator("mark").first().waitFor();
      },
    ],
    [
      "people-who-am-i",
      async (page) => {
        await page.fill(id("search"), "");
        await page.evaluate(() => fetch("/api/mock/named?no"));
        await page.goto(`${base}#/people?open=desk.2`);
        await page.reload();
        await page.click(id("person-ours"));
        await page.waitForSelector(id("who-am-i-name"));
      },
    ],
    [
      "people-named",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("undo"));
        await page.evaluate(() => fetch("/api/mock/named?yes"));
      },
    ],
    [
      "people-import",
      async (page) => {
        await page.goto(`${base}#/people`);
        await page.click(id("import-contacts"));
        await page.waitForSelector(id("import-choose"));
      },
    ],
    [
      "people-import-refused",
      async (page) => {
        const lines = ["user,name,team,comment", "new-1,Ann,Front desk,<b>bold</b>", "1.23E+15,Eva,,", "bob,Bob F.,Night,", "u1,Smith, John,,x"];
        await page.setInputFiles(id("import-file"), { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
        await page.waitForSelector(id("import-row"));
      },
    ],
    ["people-import-changed", async (page) => page.click(id("import-kind-changed"))],
    [
      "people-imported",
      async (page) => {
        await page.setInputFiles(id("import-file"), { name: "p.csv", mimeType: "text/csv", buffer: Buffer.from("user,name\nnew-1,Ann") });
        await page.locator(id("import-name"), { hasText: "p.csv" }).waitFor();
        await page.waitForSelector(id("import-row"));
        await page.click(id("import-yes"));
        await page.waitForSelector(id("undo"));
        await page.click(id("undo"));
      },
    ],
  ];

  /** Shows a tab of the cases. */
  async function cases(page, tab = "") {
    await page.goto(`${base}#/followup${tab === "" ? "" : `?tab=${tab}`}`);
    await page.evaluate(() => fetch("/api/mock/named?yes"));
    await page.locator(id("case-row")).first().waitFor();
  }

  const followUpSteps = [
    ["followup", async (page) => cases(page)],
    ["followup-open", async (page) => page.locator(id("case-row")).nth(3).click()],
    [
      "followup-put-off",
      async (page) => {
        await page.click(id("case-put-off"));
        await page.waitForSelector(id("case-put-off-day"));
      },
    ],
    [
      "followup-put-off-past",
      async (page) => {
        await page.fill(id("case-put-off-day"), "2020-01-01");
        await page.locator(".past", { hasText: /./ }).waitFor();
      },
    ],
    [
      "followup-reason",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("case-reason"));
        await page.waitForSelector(id("case-reason-field"));
      },
    ],
    [
      "followup-assign",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(`input${id("case-assign")}`).click();
        await page.getByRole("option").nth(2).waitFor();
      },
    ],
    [
      "followup-end",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(`${id("case-history")} summary`).click();
        await page.locator(`${id("case-detail")} .body`).evaluate((body) => (body.scrollTop = 9999));
      },
    ],
    [
      "followup-selected",
      async (page) => {
        await page.click(id("panel-close"));
        await page
          .locator(id("case-row"))
          .nth(5)
          .click({ modifiers: ["Control"] });
        await page
          .locator(id("case-row"))
          .nth(7)
          .click({ modifiers: ["Shift"] });
        await page.waitForSelector(id("bulk-done"));
      },
    ],
    [
      "followup-selected-put-off",
      async (page) => {
        await page.click(id("bulk-put-off"));
        await page.waitForSelector(id("bulk-put-off-day"));
      },
    ],
    [
      "followup-told",
      async (page) => {
        await page.click(id("bulk-put-off-tomorrow"));
        await page.waitForSelector(id("undo"));
      },
    ],
    ["followup-later", async (page) => cases(page, "put_off")],
    ["followup-later-open", async (page) => page.locator(id("case-row")).first().click()],
    [
      "followup-undone",
      async (page) => {
        await page.click(id("undo"));
        await page.click(id("undo-close"));
        await page.click(id("panel-close"));
      },
    ],
    ["followup-done", async (page) => cases(page, "done")],
    [
      "followup-done-open",
      async (page) =>
        page
          .locator(`${id("case-row")}[data-state=done]`)
          .first()
          .click(),
    ],
    [
      "followup-closed-itself",
      async (page) => {
        await page.click(id("panel-close"));
        await page
          .locator(`${id("case-row")}[data-state=closed_itself]`)
          .first()
          .click();
      },
    ],
    [
      "followup-whose",
      async (page) => {
        await page.click(id("panel-close"));
        await page.click(id("filter-assignee"));
      },
    ],
    [
      "followup-counting",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(id("counting"));
        await page.waitForSelector(id("counting-seconds"));
      },
    ],
    [
      "followup-none",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.goto(`${base}#/followup?q=no-such-caller`);
        await page.waitForTimeout(400);
      },
    ],
    ["followup-nothing", async (page) => page.goto(`${base}#/followup?tab=mine&assignee=-`)],
    [
      "followup-nobody-ours",
      async (page) => {
        await page.route("**/api/cases/figures*", async (route) => {
          const answer = await route.fetch();
          await route.fulfill({ response: answer, json: { ...(await answer.json()), anybody_ours: false, stale: 12 } });
        });
        await leave(page);
        await page.goto(`${base}#/followup`);
        await page.waitForSelector(id("nobody-ours"));
      },
    ],
    [
      "followup-from-call",
      async (page) => {
        await page.unroute("**/api/cases/figures*");
        await cases(page);
        await page.locator(id("case-row")).first().click();
        await page.locator(id("case-miss")).first().click();
        await page.waitForSelector(id("call-case"));
      },
    ],
    [
      "followup-from-person",
      async (page) => {
        await cases(page);
        await page.locator(id("case-row")).first().click();
        await page
          .locator(`${id("case-detail")} ${id("person-link")}`)
          .first()
          .click();
        await page.waitForSelector(id("person-cases"));
      },
    ],
    [
      "followup-settings",
      async (page) => {
        await page.goto(`${base}#/settings`);
        await page.locator(id("counting")).scrollIntoViewIfNeeded();
      },
    ],
  ];

  const overviewSteps = [
    [
      "overview",
      async (page) => {
        await leave(page);
        await page.goto(`${base}#/overview?period=last7`);
        await page.waitForSelector(id("week-cell"));
      },
    ],
    [
      "overview-report",
      async (page) => {
        await page.click(id("report"));
        await page.locator(id("report-last-week-html")).waitFor();
      },
    ],
    [
      "overview-table",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click(`${id("days-table")} summary`);
        await page.locator(id("days-table")).evaluate((part) => part.scrollIntoView({ block: "start" }));
      },
    ],
    ["overview-week", async (page) => page.locator(id("week-cell")).last().scrollIntoViewIfNeeded()],
    [
      "overview-months",
      async (page) => {
        await page.goto(`${base}#/overview?period=any`);
        await page.locator(id("day-bar")).first().waitFor();
      },
    ],
    [
      "overview-calls",
      async (page) => {
        await page.goto(`${base}#/calls?answered=no&part=missed&hour=${encodeURIComponent("4-17 Europe/Berlin")}`);
        await page.waitForSelector(id("filter-hour"));
      },
    ],
    [
      "overview-empty",
      async (page) => {
        await page.goto(`${base}#/overview?period=last7`);
        await page.route("**/api/status", async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, json: { ...(await response.json()), calls: 0 } });
        });
        await page.evaluate((name) => fetch(`/api/mock/state?${name}`), "well");
        await page.waitForSelector(`${id("overview")} .empty`);
      },
    ],
    [
      "overview-none",
      async (page) => {
        await page.unroute("**/api/status");
        await page.evaluate((name) => fetch(`/api/mock/state?${name}`), "well");
        await page.goto(`${base}#/overview?from=2020-01-01&to=2020-01-02`);
        await page.waitForSelector(id("overview-none"));
      },
    ],
  ];

  const notesSteps = [
    [
      "notes",
      async (page) => {
        await page.goto(`${base}#/calls`);
        await page.evaluate(() => fetch("/api/mock/named?yes"));
        await page.locator(id("call-row")).nth(4).click();
        await page.waitForSelector(id("tags"));
      },
    ],
    [
      "notes-tag-typed",
      async (page) => {
        await page.locator(`input${id("tag-add")}`).click();
        await page.keyboard.type("c");
        await page.locator("[role=option][data-highlighted]").waitFor();
      },
    ],
    [
      "notes-tag-open",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(id("tag-open")).first().click();
        await page.waitForSelector(id("tag-panel"));
      },
    ],
    [
      "notes-editing",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(id("note-edit")).first().click();
        await page.locator(id("call-notes")).evaluate((part) => part.scrollIntoView({ block: "center" }));
      },
    ],
    [
      "notes-writing",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.fill(id("note-add"), "First line\nand a second one");
      },
    ],
    [
      "notes-removed",
      async (page) => {
        await page.fill(id("note-add"), "");
        await page.locator(id("note-remove")).first().click();
        await page.waitForSelector(id("undo"));
      },
    ],
    [
      "notes-undone",
      async (page) => {
        await page.click(id("undo"));
        await page.locator(id("note")).nth(1).waitFor();
      },
    ],
    [
      "notes-filters",
      async (page) => {
        await page.goto(`${base}#/calls?tag=billing&note=yes&team=Front+desk&person=alice`);
        await page.locator(id("call-row")).first().waitFor();
      },
    ],
    [
      "notes-filter-person",
      async (page) => {
        await page.locator(`input${id("filter-person")}`).click();
        await page.getByRole("option").nth(3).waitFor();
      },
    ],
    [
      "notes-selected",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.goto(`${base}#/calls`);
        await page
          .locator(id("call-row"))
          .nth(2)
          .click({ modifiers: ["Control"] });
        await page
          .locator(id("call-row"))
          .nth(6)
          .click({ modifiers: ["Shift"] });
        await page.waitForSelector(id("selection"));
      },
    ],
    [
      "notes-selected-all",
      async (page) => {
        await page.click(id("select-all"));
        await page.locator(`input${id("bulk-tag-add")}`).click();
        await page.getByRole("option").nth(3).waitFor();
      },
    ],
    [
      "notes-tagged-all",
      async (page) => {
        await page.getByRole("option").nth(1).click();
        await page.waitForSelector(id("undo"));
      },
    ],
    [
      "notes-untagged-all",
      async (page) => {
        await page.click(id("undo"));
        await page.click(id("select-none"));
      },
    ],
    [
      "notes-room",
      async (page) => {
        await page.goto(`${base}#/rooms?open=${encodeURIComponent("1400123456:live:text:room_1001")}`);
        await page.waitForSelector(id("room-notes"));
      },
    ],
  ];

  const steps = [
    ["calls", async (page) => page.goto(`${base}#/calls`)],
    [
      "calls-columns",
      async (page) => {
        await page.click(id("columns"));
        await page.waitForSelector(id("columns-reset"));
      },
    ],
    [
      "calls-columns-chosen",
      async (page) => {
        await page.locator("[data-choice=started] input").click();
        await page.locator("[data-choice=talk] .up").click();
      },
    ],
    [
      "calls-compact",
      async (page) => {
        await page.click(id("columns-reset"));
        await page.click(id("density-compact"));
        await page.keyboard.press("Escape");
        await page.locator("[data-head=result]").focus();
        await page.keyboard.press("ArrowLeft");
      },
    ],
    [
      "call-open",
      async (page) => {
        await page.click(id("columns"));
        await page.click(id("density-comfortable"));
        await page.keyboard.press("Escape");
        await page.locator("[data-testid=call-row]").nth(4).click();
      },
    ],
    ["call-bottom", async (page) => page.locator("[data-testid=call-detail] .body").evaluate((body) => (body.scrollTop = 9999))],
    [
      "call-source",
      async (page) => {
        await page.locator("[data-testid=call-detail] .body").evaluate((body) => (body.scrollTop = 0));
        await page.locator("[data-testid=call-detail] dt").nth(1).hover();
      },
    ],
    ["call-sources", async (page) => page.click(id("show-sources"))],
    ["call-sources-end", async (page) => page.locator(id("step-row")).last().scrollIntoViewIfNeeded()],
    [
      "call-disputed",
      async (page) => {
        await page.keyboard.press("s");
        await page.keyboard.press("Escape");
        await page.locator("[data-testid=call-row]").nth(5).click();
      },
    ],
    [
      "call-silent",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator("[data-testid=call-row]").nth(7).click();
      },
    ],
    [
      "filter",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click("[data-testid=filter-result]");
      },
    ],
    [
      "period",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click("[data-testid=filter-period]");
      },
    ],
    [
      "export-options",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.click("[data-testid=call-export-options]");
        await page
          .locator(`${id("export-rows")} td`)
          .first()
          .waitFor();
      },
    ],
    [
      "combobox",
      async (page) => {
        await page.evaluate(() => fetch("/api/mock/apps?many"));
        await page.keyboard.press("Escape");
        await page.locator(`input${id("filter-app")}`).click();
        await page.getByRole("option").nth(20).waitFor();
      },
    ],
    ["combobox-typed", async (page) => page.keyboard.type("1")],
    ["combobox-nothing", async (page) => page.keyboard.type("nobody")],
    [
      "found",
      async (page) => {
        await page.goto(`${base}#/calls`);
        await page.fill("[data-testid=search]", "desk");
        await page.locator("mark").first().waitFor();
      },
    ],
    [
      "none",
      async (page) => {
        await page.evaluate(() => fetch("/api/mock/apps?few"));
        await page.keyboard.press("Escape");
        await page.fill("[data-testid=search]", "no such thing");
        await page.waitForTimeout(400);
      },
    ],
    ["rooms", async (page) => page.goto(`${base}#/rooms`)],
    [
      "rooms-columns",
      async (page) => {
        await page.click(id("columns"));
        await page.waitForSelector(id("columns-reset"));
      },
    ],
    [
      "rooms-compact",
      async (page) => {
        await page.click(id("density-compact"));
        await page.keyboard.press("Escape");
      },
    ],
    ["room-open", async (page) => page.locator("[data-testid=room-row]").nth(1).click()],
    [
      "room-stays",
      async (page) =>
        page
          .locator("[data-testid=stay-row]")
          .first()
          .evaluate((row) => row.scrollIntoView()),
    ],
    ["room-life", async (page) => page.locator("[data-testid=life-row] button").nth(1).click()],
    [
      "room-life-stays",
      async (page) =>
        page
          .locator("[data-testid=stay-row]")
          .first()
          .evaluate((row) => row.scrollIntoView()),
    ],
    [
      "room-details",
      async (page) =>
        page
          .locator("[data-testid=room-totals]")
          .scrollIntoViewIfNeeded()
          .then(() => page.locator("[data-testid=room-detail] .body[role=region]").evaluate((body) => body.scrollBy(0, 560))),
    ],
    ["room-sources", async (page) => page.keyboard.press("s")],
    [
      "room-sources-top",
      async (page) => {
        await page.locator("[data-testid=room-detail] .body[role=region]").evaluate((body) => (body.scrollTop = 0));
      },
    ],
    [
      "deliveries",
      async (page) => {
        await page.keyboard.press("s");
        await page.goto(`${base}#/deliveries`);
      },
    ],
    [
      "deliveries-columns",
      async (page) => {
        await page.click(id("columns"));
        await page.waitForSelector(id("columns-reset"));
      },
    ],
    [
      "delivery-open",
      async (page) => {
        await page.click(id("density-comfortable"));
        await page.keyboard.press("Escape");
        await page.locator("[data-quarantined]").first().click();
      },
    ],
    [
      "delivery-passed-on",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.evaluate(() => fetch("/api/mock/forward"));
        await page.locator(id("delivery-row")).first().click();
        await page.waitForSelector(id("passed-on"));
      },
    ],
    [
      "deliveries-refused",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.locator(`${id("refusals")} summary`).click();
      },
    ],
    ["settings", async (page) => page.goto(`${base}#/settings`)],
    [
      "settings-schedules",
      async (page) => {
        await leave(page);
        await page.evaluate(() => fetch("/api/mock/schedules"));
        // As in the window, where a folder is chosen in the system's dialog.
        await page.evaluate(() => fetch("/api/mock/desktop?tray"));
        await page.goto(`${base}#/settings`);
        await page.waitForSelector(id("schedule"));
        await page.locator(id("schedule-add")).scrollIntoViewIfNeeded();
      },
    ],
    [
      "settings-schedule-form",
      async (page) => {
        await page.locator(id("schedule-change")).nth(1).click();
        await page.click(id("schedule-choose-folder"));
      },
    ],
    [
      "settings-links",
      async (page) => {
        await leave(page);
        await page.evaluate(() => fetch("/api/mock/desktop?off"));
        await page.evaluate(() => fetch("/api/mock/links"));
        await page.goto(`${base}#/settings`);
        await page.waitForSelector(id("refreshing"));
        await page.click(`${id("refreshing-guide")} summary`);
        await page.locator(id("refreshing-guide")).scrollIntoViewIfNeeded();
      },
    ],
    [
      "settings-link-form",
      async (page) => {
        await page.locator(id("refreshing-change")).nth(1).click();
        await page.selectOption(id("refreshing-period"), "last-month");
      },
    ],
    [
      "settings-links-taken",
      async (page) => {
        await leave(page);
        await page.evaluate(() => fetch("/api/mock/links?taken"));
        await page.goto(`${base}#/settings`);
        await page.waitForSelector(id("refreshing"));
        await page.locator(id("links-switch")).scrollIntoViewIfNeeded();
      },
    ],
    ["settings-window", async (page) => settingsOfWindow(page, "tray")],
    [
      "settings-window-minimised",
      async (page) => {
        await settingsOfWindow(page, "minimised");
        await page.click(id("on-close-quit"));
      },
    ],
    [
      "settings-paused",
      async (page) => {
        await page.evaluate(() => fetch("/api/mock/desktop?off"));
        await page.click(id("pause"));
        await page.locator(id("resume")).scrollIntoViewIfNeeded();
      },
    ],
    ["settings-resumed", async (page) => page.click(id("resume"))],
    [
      "backups",
      async (page) => {
        await page.goto(`${base}#/settings`);
        await page.click(id("backup-now"));
        await page.waitForSelector(id("backup-made"));
      },
    ],
    [
      "backup-restore",
      async (page) => {
        await page.locator(id("backup-restore")).nth(1).click();
      },
    ],
    [
      "backup-restored",
      async (page) => {
        await page.click(id("backup-restore-sure"));
        await page.waitForSelector(id("backup-restored"));
      },
    ],
    ...[
      "failing",
      "locked",
      "held-back",
      "turned-away",
      "filling",
      "rebuilding",
      "rebuild-failed",
      "checking",
      "backup-failed",
      "clock",
      "exchanged",
      "all",
    ].map((state) => [`state-${state}`, async (page) => show(page, state, "calls")]),
    ["damage-none", async (page) => show(page, "well", "damage")],
    ["damage", async (page) => show(page, "damaged", "damage")],
    [
      "damage-restored",
      async (page) => {
        await page.click(id("damage-restore"));
        await page.waitForSelector(id("backup-restored"));
      },
    ],
    ["damage-saving", async (page) => show(page, "saving", "damage")],
    ["review-begin", async (page) => show(page, "well", "review")],
    [
      "review-running",
      async (page) => {
        await page.click(id("review-begin"));
        await page.waitForTimeout(600);
      },
    ],
    ["review", async (page) => page.waitForSelector(id("review"))],
    ["review-declined", async (page) => page.click(id("review-decline"))],
    ["state-review", async (page) => show(page, "review", "deliveries")],
    [
      "start",
      async (page) => {
        await show(page, "well", "start");
        await page.goto(`${base}#/start`);
        await page.click("[data-testid=first-run-test]");
        await page.waitForSelector("[data-testid=first-run-arrived]");
      },
    ],
    [
      "connection-nothing",
      async (page) => {
        await tencent(page, "nothing");
        await page.goto(`${base}#/settings`);
        await page.waitForSelector(id("connection"));
        await page.locator("h1").click();
        await page.evaluate(() => document.querySelector("[data-testid=settings-page]").scrollTo(0, 0));
      },
    ],
    [
      "connection-ok",
      async (page) => {
        await setPublic(page, "https://calls.example.com");
        await tencent(page, "ok");
        await page.reload();
        await page.click(id("test-public"));
        await page.waitForSelector(`${id("test-public-told")}[data-state=arrived]`);
      },
    ],
    [
      "connection-attention",
      async (page) => {
        await tencent(page, "secrets");
        await tencent(page, "attention");
        await page.reload();
        await page.click(id("test-public"));
        await page.click(id("test-address"));
        await page.waitForSelector(`${id("read-told-address")} .told`);
      },
    ],
    [
      "connection-clock",
      async (page) => {
        await tencent(page, "clock");
        await page.reload();
        await page.waitForSelector(id("clock-warning"));
      },
    ],
    [
      "apps",
      async (page) => {
        await page.goto(`${base}#/settings`);
        await page.locator(id("app-row")).first().scrollIntoViewIfNeeded();
      },
    ],
    ["app-remove", async (page) => page.locator(id("app-remove")).first().click()],
    [
      "app-remove-busy",
      async (page) => {
        await page.route("**/api/apps/*", (route) =>
          setTimeout(() => route.fulfill({ status: 502, json: { code: "busy", message: "The record is being rebuilt." } }), 1_500),
        );
        await page.click(id("app-remove-sure"));
        await page.waitForSelector(`${id("app-remove-sure")}[aria-busy=true]`);
      },
    ],
    ["app-remove-failed", async (page) => page.waitForSelector("dialog [role=alert]")],
    [
      "app-form",
      async (page) => {
        await page.keyboard.press("Escape");
        await page.unroute("**/api/apps/*");
        await page.locator(id("app-edit")).first().click();
        await page.locator(id("app-form")).evaluate((form) => form.scrollIntoView({ block: "start" }));
      },
    ],
    [
      "app-form-saved",
      async (page) => {
        await page.selectOption(id("app-region"), "other");
        await page.fill(id("app-host"), "adminapisgp.im.qcloud.com");
        await page.fill(id("rtc-key"), "abc");
        await page.click(id("secrets-save"));
        await page
          .locator(`${id("app-told")} .told`)
          .nth(1)
          .waitFor();
        await page.locator(id("app-told")).scrollIntoViewIfNeeded();
      },
    ],
    [
      "app-form-no-key",
      async (page) => {
        await appForm(page, "no-secrets");
        await page.locator(id("live-token")).scrollIntoViewIfNeeded();
      },
    ],
    ...["off", "another", "only-here", "unknown"].map((state) => [
      `signing-${state}`,
      async (page) => {
        await appForm(page, `signing-${state}`);
        await signing(page, "signing-situation");
      },
    ]),
    [
      "signing-made",
      async (page) => {
        await appForm(page, "signing-off");
        await page.click(id("signing-make"));
        await signing(page, "signing-stop");
      },
    ],
    [
      "signing-refused",
      async (page) => {
        await appForm(page, "signing-fails");
        await page.click(id("signing-make"));
        await signing(page, "signing-problem");
        await tencent(page, "nothing");
      },
    ],
    [
      "ways",
      async (page) => {
        await page.goto(`${base}#/ways`);
        await page.waitForSelector(id("ways-in"));
      },
    ],
    ...["tailscale", "ngrok", "ssh", "proxy", "forwarding"].map((way) => [
      `ways-${way}`,
      async (page) => {
        await page.locator(`${id(`way-${way}`)} summary`).click();
        await page.locator(id(`way-${way}`)).evaluate((part) => part.scrollIntoView({ block: "start" }));
      },
    ]),
    ["ways-end", async (page) => page.locator(id("ways-in")).evaluate((part) => part.scrollTo(0, 99999))],
    ["start-top", async (page) => page.goto(`${base}#/start`)],
    [
      "start-chain",
      async (page) => {
        await page.waitForSelector(id("connection"));
        await page.locator(id("connection")).evaluate((part) => part.scrollIntoView({ block: "center" }));
      },
    ],
    [
      "demo-start",
      async (page) => {
        await page.locator(id("demo-start")).scrollIntoViewIfNeeded();
        await page.click(id("demo-start"));
      },
    ],
    [
      "demo-calls",
      async (page) => {
        await page.waitForSelector(id("demo-banner"));
        await page.locator(id("call-row")).first().waitFor();
      },
    ],
    [
      "demo-filling",
      async (page) => {
        await tencent(page, "no-demo");
        await page.waitForSelector(id("demo-banner"), { state: "detached" });
        await tencent(page, "demo");
        await page.reload();
        await page.waitForSelector(`${id("demo-banner")} progress`);
      },
    ],
    [
      "demo-removed",
      async (page) => {
        await page.click(id("demo-remove"));
        await page.waitForSelector(id("demo-banner"), { state: "detached" });
        await setPublic(page, null);
        await tencent(page, "nothing");
      },
    ],
  ];

  const personSteps = [
    [
      "person",
      async (page) => {
        await leave(page);
        await page.goto(`${base}#/person?period=month&open=alice`);
        await page.waitForSelector(id("week-cell"));
        await page.waitForSelector(id("person-call"));
      },
    ],
    [
      "person-lower",
      async (page) => {
        await page.click(`${id("days-table")} summary`);
        await page.locator(id("person-recent")).evaluate((part) => part.scrollIntoView({ block: "end" }));
      },
    ],
    [
      "person-cases",
      async (page) => {
        await page.goto(`${base}#/person?period=any&open=patient-0042`);
        await page.locator(id("person-case")).first().scrollIntoViewIfNeeded();
      },
    ],
    [
      "person-no-calls",
      async (page) => {
        await page.goto(`${base}#/person?from=2020-01-01&to=2020-01-02&open=alice`);
        await page.waitForSelector(id("person-no-calls"));
      },
    ],
    [
      "person-hostile",
      async (page) => {
        await page.goto(`${base}#/person?period=any&open=${encodeURIComponent("<b>bold</b>")}`);
        await page.waitForSelector(id("person-ids"));
      },
    ],
    ["person-nobody", async (page) => page.goto(`${base}#/person?open=nobody-at-all`)],
  ];

  return [...steps, ...overviewSteps, ...personSteps, ...peopleSteps, ...followUpSteps, ...notesSteps, ...listSteps, ...completenessSteps, ...callbackSteps];
}

/** The built screens behind the shipped policy, and a browser to look at them with; `LOOK=callbacks` chooses these alone. */
export async function stage() {
  const server = await served();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const base = process.env.CALLTRAIL_URL ?? server.resolvedUrls?.local[0] ?? "";
  const chosen = screens(base).filter(([name]) => name.startsWith(process.env.LOOK ?? ""));
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, base, chosen, close };
}

/** What the policy stops is a complaint, also where the browser itself says nothing of it. */
export const watchPolicy = (page) =>
  page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      console.error(`the policy forbids it: ${violatedDirective} ${blockedURI} ${sample}`),
    ),
  );

/** Longer than the app waits before it writes its address (`WRITE_MS`). */
const ADDRESS_MS = 400;

/** Opens a page that speaks a language, where one is named; in it a slow step is told, and whatever the page complains of. */
export async function watchedPage(browser, name, options, complaints, language) {
  const page = await browser.newPage(options);
  // A page that is of nowhere (about:blank) keeps nothing.
  if (language) await page.addInitScript((chosen) => origin !== "null" && localStorage.setItem("calltrail.language", chosen), language);
  await watchPolicy(page);
  page.setDefaultTimeout(8000);
  // A call that is opened may be no missed call of a case: the answer says so on purpose.
  const isAsked = (message) => message.text().includes("404") && new URL(message.location().url || "about:blank").pathname === "/api/case";
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !isAsked(message) && complaints.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.stack ?? error.message}`));
  const goTo = page.goto.bind(page);
  page.goto = async (url, how) => {
    // The app writes its address a moment after what it shows; until then the browser takes the way back for the place it is at.
    if (page.url() === url) await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ADDRESS_MS);
    return goTo(url, how);
  };
  return page;
}

/**
 * Shows every chosen screen in these languages, side by side, and lets `visit(page, name, language)` look at each once it has settled;
 * answers how many were shown.
 */
export async function eachScreen(languages, options, complaints, visit) {
  const shown = languages.map(async (language) => {
    const { browser, chosen, close } = await stage();
    const page = await watchedPage(browser, language, options, complaints, language);
    for (const [name, go] of chosen) {
      await go(page).catch((cause) => complaints.push(`${language} ${name}: ${String(cause)}`));
      await page.waitForSelector("h1", { state: "attached" }).catch((cause) => complaints.push(String(cause)));
      await page.waitForTimeout(250);
      await visit(page, name, language);
    }
    await close();
    return chosen.length;
  });
  return (await Promise.all(shown)).reduce((sum, count) => sum + count);
}

/** The way in that does not work is answered so on purpose, and so is whoever nobody has heard of. */
export const isComplaint = (line) => !/(40[49]|50[23]) \(/.test(line);
