// Follow-up, from the first open case to the last by keyboard alone.
import assert from "node:assert/strict";

import { id } from "../walk/stage.mjs";
import { day } from "./day.mjs";
import { focused, isTold, total } from "./screen.mjs";

const { expected } = day;
const row = (key) => `${id("case-row")}[data-call-id="${key}"]`;

/** Until when a case was put off: nine o'clock of the next day, by the clock of the window, which is UTC. */
function isTomorrow(until) {
  const at = new Date(until);
  const from = Date.now();
  return at.toISOString().slice(11, 16) === "09:00" && at.getTime() > from && at.getTime() - from < 36 * 3_600_000;
}

/** The keys of each deed. Each returns when the window has said that it is done. */
const DEEDS = {
  async done(page, said, name) {
    await page.keyboard.press("d");
    await isTold(page, said.done(name));
  },
  async reason(page, said, name) {
    await page.keyboard.press("Shift+D");
    await focused(page, "case-reason-field");
    await page.keyboard.type(day.reason);
    await page.keyboard.press("Enter");
    await isTold(page, said.done(name));
  },
  async tomorrow(page, said, name) {
    await page.keyboard.press("p");
    await focused(page, "case-put-off-hour");
    await page.keyboard.press("2");
    await isTold(page, said.putOff(name, ""), true);
  },
  async assign(page, said, name) {
    await page.keyboard.press("a");
    await page.locator("[role=option][data-highlighted]").waitFor();
    await page.keyboard.type(day.assignee);
    await page.locator("[role=option][data-highlighted]", { hasText: day.assignee }).waitFor();
    await page.keyboard.press("Enter");
    await isTold(page, said.assigned(name, day.assignee));
    await focused(page, "grid");
  },
};

/** Works off all open cases, one after the other. */
async function workOff(page, text) {
  const keys = await page.locator(id("case-row")).evaluateAll((rows) => rows.map((one) => one.dataset.callId));
  const names = await page.locator(`${id("case-row")} [data-column=who]`).allTextContents();
  assert.equal(keys.length, day.work.length, "there is something to do for each");
  await page.keyboard.press("j");
  await page.locator(`${row(keys[0])}[data-marked]`).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("case-why"));
  for (const [i, deeds] of day.work.entries()) {
    for (const deed of deeds) await DEEDS[deed](page, text.followUp.told, names[i].trim());
    // What is done leaves the list, and the next one is at hand.
    await page.locator(row(keys[i])).waitFor({ state: "detached" });
    if (i + 1 < keys.length) await page.locator(`${row(keys[i + 1])}[data-marked]`).waitFor();
  }
}

export async function followUp({ page, text, record, report }) {
  await page.click(id("nav-followup"));
  await total(page, text.followUp.listed(expected.open));
  await page
    .locator(id("case-row"))
    .nth(expected.open - 1)
    .waitFor();
  assert.equal(await page.textContent(id("nav-followup-count")), String(expected.open), "the sidebar says how many are open");
  await workOff(page, text);
  await page.getByText(text.followUp.emptyTitle, { exact: true }).waitFor();
  await page.locator(id("nav-followup-count")).waitFor({ state: "detached" });

  const { put_off, done, closed_itself } = expected;
  assert.deepEqual(await record.cases(), { put_off, done, closed_itself }, "none is open");
  const lines = await record.exported("cases", "state,reason,assignee,by");
  assert.equal(lines.filter((line) => line === `done,${day.reason},,${day.me}`).length, expected.reasons, "why three of them are done");
  assert.equal(lines.filter((line) => line.split(",")[2] === day.assignee).length, expected.assigned, "and who has two");
  const { rows } = await record.api("/api/cases?state=put_off");
  assert.ok(
    rows.every(({ until_ms }) => isTomorrow(until_ms)),
    "they are put off until tomorrow morning",
  );
  report("follow-up", `${expected.open} cases by keyboard: ${done} done, ${put_off} put off`);
}
