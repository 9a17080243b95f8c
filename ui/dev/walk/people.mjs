// People: named, found, merged and taken apart, marked together, and every change taken back.
import assert from "node:assert/strict";

import { ANY, id, like, shows, TOLD, walk, withoutRoom } from "./stage.mjs";

const names = (page) => page.locator("[data-column=name]").allTextContents();
const told = (page, words) => shows(page, TOLD, words);
const named = { mock: { MOCK_NAMED: "1" } };

walk(
  "people have names everywhere",
  async (page, base) => {
    await page.goto(`${base}#/calls`);
    await page.locator(id("call-row")).nth(4).click();
    const detail = page.locator(id("call-detail"));
    await detail.locator("dd", { hasText: "Alice Novak" }).first().waitFor();
    assert.match(await detail.locator("dd", { hasText: "Alice Novak" }).first().textContent(), /Alice Novak\s*alice/, "the id stands beside the name");
    const bob = detail.locator("[data-user=bob]");
    assert.match(await bob.textContent(), /Bob Ferreira\s*bob/, "members too");
    assert.match(
      await detail
        .locator(`${id("step-row")}[data-action=accept]`)
        .first()
        .textContent(),
      /Bob Ferreira/,
      "and who did what",
    );
    await bob.locator("a").first().click();
    await page.waitForSelector(id("person-detail"));
    assert.match(page.url(), /#\/person\?open=bob/, "one click leads to the person");
    await page.click(id("person-calls"));
    await page.locator(id("call-row")).first().waitFor();
    assert.match(page.url(), /#\/calls\?person=bob/, "and from there to the calls");
    assert.equal(await page.inputValue(`input${id("filter-person")}`), "Bob Ferreira", "the filter says who that is");
    await page.goto(`${base}#/calls?q=okafor`);
    await page
      .locator(`${id("call-row")} mark`)
      .first()
      .waitFor();
    await page.goto(`${base}#/calls?user=patient-0042`);
    assert.match(
      await page
        .locator(`${id("call-row")}:has(mark)`)
        .first()
        .textContent(),
      /Grace Okafor\s*patient-0042/,
      "who is found by id shows it",
    );
    await page.goto(`${base}#/rooms?open=${encodeURIComponent("1400123456:live:text:room_1001")}`);
    await page.locator(id("stay-row")).first().waitFor();
    assert.match(
      await page
        .locator(`${id("stay-row")}[data-user=alice]`)
        .first()
        .textContent(),
      /Alice Novak/,
    );
    await page.goto(`${base}#/rooms`);
    await page
      .locator(`${id("room-row")} [data-column=owner]`, { hasText: "Alice Novak" })
      .first()
      .waitFor();
    await page.goto(`${base}#/rooms?q=okafor`);
    await page
      .locator(`${id("room-row")} ${id("found-elsewhere")}`, { hasText: "Grace Okafor" })
      .first()
      .waitFor();
    assert.equal(await page.locator("img[onerror]").count(), 0, "a name is no markup");
  },
  named,
);

walk(
  "people are changed where they stand",
  async (page, base, text) => {
    const { fields, told: said } = text.people;
    await page.goto(`${base}#/people`);
    await page.locator(`${id("person-row")}[data-user=patient-0117]`).click();
    await page.locator(id("person-name")).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Dan Okafor");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator(id("person-detail")).isVisible(), "Escape leaves the field and no more");
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "person-name", "the keyboard is where it was");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Dan Okafor");
    // What cannot be saved stays in its field, and is saved from there.
    await withoutRoom(page, text, "**/api/entries", () => page.keyboard.press("Enter"));
    assert.equal(await page.inputValue(id("person-name-field")), "Dan Okafor", "nothing that was typed is lost");
    await page.keyboard.press("Enter");
    await told(page, said.set(fields.name));
    await page.locator(`${id("person-row")}[data-user=patient-0117]`, { hasText: "Dan Okafor" }).waitFor();
    await page.keyboard.press("Control+z");
    await told(page, text.undo.undone(said.set(fields.name)));
    await page.locator(`${id("person-row")}[data-user=patient-0117]`, { hasText: text.people.unnamed }).waitFor();

    // A team that there is, and a new one.
    const team = page.locator(`input${id("person-team")}`);
    await team.click();
    await page.keyboard.type("fron");
    await page.getByRole("option", { name: "Front desk" }).click();
    await told(page, said.set(fields.team));
    await page.waitForFunction((selector) => document.querySelector(selector)?.value === "Front desk", `input${id("person-team")}`);
    await team.click();
    await page.keyboard.type("Evening");
    await page.locator("[role=option][data-highlighted]", { hasText: text.people.newTeam("Evening") }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForFunction((selector) => document.querySelector(selector)?.value === "Evening", `input${id("person-team")}`);
    await page.click(id("undo"));
    await page.waitForFunction((selector) => document.querySelector(selector)?.value === "Front desk", `input${id("person-team")}`);

    // What another computer wrote.
    await page.locator(`${id("person-row")}[data-user=patient-0042]`).click();
    await page.waitForSelector(id("others-comment"));
    await page.locator(`${id("others-comment")} button`).click();
    await page.waitForSelector(id("others-comment"), { state: "detached" });
    await page.locator(`${id("person-history")} summary`).click();
    assert.match(
      await page.locator(id("history-row")).first().textContent(),
      like(text.people.did.set(fields.comment).replace(/\{\w+\}/g, ANY)),
      "who changed what",
    );
  },
  { ...named, meant: "503" },
);

walk(
  "people of several ids",
  async (page, base, text) => {
    await page.goto(`${base}#/people?open=dr_wang`);
    await page.locator(id("person-id")).nth(1).waitFor();
    await page.click(id("person-part"));
    await page.locator(id("person-id")).nth(1).waitFor({ state: "detached" });
    await page.click(id("undo"));
    await page.locator(id("person-id")).nth(1).waitFor();
    const picker = page.locator(`input${id("person-merge")}`);
    await picker.click();
    await picker.fill("0117");
    await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);
    await page.locator("[role=option][data-highlighted]", { hasText: "patient-0117" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`${id("person-id")}[data-user=patient-0117]`).waitFor();
    await told(page, text.people.told.joined("patient-0117"));
    await page.locator(`${id("person-row")}[data-user=patient-0117]`).waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await page.locator(`${id("person-row")}[data-user=patient-0117]`).waitFor();
  },
  named,
);

walk(
  "people have tags",
  async (page, base, text) => {
    const { tagged, untagged } = text.notes.told;
    await page.goto(`${base}#/people?open=dr_wang`);
    const vip = page.locator(`${id("person-detail")} ${id("tag")}[data-tag=vip]`);
    const billing = page.locator(`${id("person-detail")} ${id("tag")}[data-tag=billing]`);
    await vip.waitFor();
    await page.locator(`input${id("tag-add")}`).click();
    await page.keyboard.type("bill");
    await page.locator("[role=option][data-highlighted][data-value=billing]").waitFor();
    await page.keyboard.press("Enter");
    await told(page, tagged("billing"));
    await billing.waitFor();
    // It is another id that has this one.
    await vip.locator(id("tag-remove")).click();
    await told(page, untagged("vip"));
    await vip.waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await vip.waitFor();
    await page.locator(`${id("person-history")} summary`).click();
    await page.locator(id("history-row"), { hasText: "billing" }).waitFor();
  },
  named,
);

walk(
  "people together",
  async (page, base, text) => {
    await page.goto(`${base}#/people`);
    await page.locator(id("person-row")).nth(5).waitFor();
    const all = (await names(page)).length;
    await page.fill(id("search"), "patient");
    await shows(page, id("list-total"), text.people.listed(2));
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Control+a");
    assert.equal(await page.textContent(id("selection-count")), text.selection.selected(text.people.listed(2)));
    await page.click(id("bulk-ours"));
    await told(page, text.people.told.ours(2));
    await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 2, `${id("person-row")} [data-column=ours] svg`);
    await page.click(id("undo"));
    await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 0, `${id("person-row")} [data-column=ours] svg`);
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(id("selection")).count(), 0, "Escape gives the selection up");
    await page.fill(id("search"), "");
    await page
      .locator(id("person-row"))
      .nth(all - 1)
      .waitFor();
    await page.click(id("filter-ours"));
    await page.click("[data-value=yes]");
    await page.waitForFunction((before) => document.querySelectorAll("[data-testid=person-row]").length < before, all);
    await page.goto(`${base}#/people?team=Billing`);
    await shows(page, id("list-total"), text.people.listed(1));
    assert.deepEqual(await names(page), ["Carol Meier"]);
  },
  named,
);

walk("people are asked once who they are", async (page, base, text) => {
  await page.goto(`${base}#/people?open=desk.2`);
  await page.click(id("person-ours"));
  await page.waitForSelector(id("who-am-i-name"));
  assert.equal(await page.inputValue(id("who-am-i-name")), "ann", "the computer's name is proposed");
  await page.keyboard.type("Ann Weber");
  await page.keyboard.press("Enter");
  await told(page, text.people.told.ours(1));
  await page.locator(`${id("person-history")} summary`).click();
  await page.locator(id("history-row"), { hasText: "Ann Weber" }).first().waitFor();
  await page.click(id("person-ours"));
  await told(page, text.people.told.theirs(1));
  assert.equal(await page.locator("dialog[open]").count(), 0, "and never again");
  await page.click(id("nav-settings"));
  await page.waitForFunction((selector) => document.querySelector(selector)?.value === "Ann Weber", id("my-name"));
  await page.fill(id("my-name"), "Ann W.");
  await page.click(id("my-name-save"));
  await page.getByText(text.settings.saved).waitFor();
});
