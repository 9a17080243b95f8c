// Somebody's page: each figure leads to a list of as many calls as it says, and so do the newest calls and cases.
import assert from "node:assert/strict";

import { id, walk } from "./stage.mjs";

/** Of many cells, one in so many is followed. */
const CELLS = 5;

walk(
  "a person has a page of figures",
  async (page, base, text) => {
    await page.goto(`${base}#/people`);
    await page.locator(`${id("person-row")}[data-user=alice]`).click();
    await page.click(id("person-page"));
    await page.waitForSelector(id("person-call"));
    assert.match(page.url(), /#\/person\?open=alice$/, "one click leads from the list to the page");
    assert.equal(await page.getAttribute(id("nav-people"), "aria-current"), "page", "which is under people");
    assert.match(await page.locator(`${id("person-detail")} .title`).textContent(), /Alice Novak\s*alice/, "who it is of");

    await page.goto(`${base}#/person?period=any&open=alice`);
    await page.waitForSelector(id("week-cell"));
    const links = await page
      .locator("[data-calls]")
      .evaluateAll((found) => found.map((one) => [one.dataset.testid, one.getAttribute("href"), Number(one.dataset.calls)]));
    const kinds = new Set(links.map(([kind]) => kind));
    for (const kind of ["person-figure-made", "person-figure-missed", "person-figure-declined", "period-result-cancel", "day-bar", "week-cell"])
      assert.ok(kinds.has(kind), `${kind} leads somewhere`);
    for (const [kind, href, calls] of links.filter(([kind], i) => !["week-cell", "day-bar"].includes(kind) || i % CELLS === 0)) {
      await page.goto(`${base}${href}`);
      const total = page.locator(id("list-total"), { hasText: text.list.calls(calls) });
      await total.waitFor({ timeout: 10_000 }).catch(() => assert.fail(`${kind} leads to ${calls} calls: ${href}`));
    }

    await page.goto(`${base}#/person?open=alice`);
    await page
      .locator(`${id("person-call")} a`)
      .first()
      .click();
    await page.waitForSelector(id("call-detail"));
    assert.match(page.url(), /#\/calls\?person=alice&open=/, "a call leads to itself");
    await page.goto(`${base}#/person?open=nobody-at-all`);
    await page.locator(id("person-screen"), { hasText: text.people.gone }).waitFor();
  },
  { mock: { MOCK_NAMED: "1" }, meant: "404" },
);
