// The stages of the morning around follow-up. Each does something in the window, and reads back what became of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { id } from "../walk/stage.mjs";
import { callbacks, CONTACTS, day } from "./day.mjs";
import { isTold, shows, total } from "./screen.mjs";

const { expected } = day;
const QUERY = `SdkAppid=${day.app}&CallbackCommand=Call.CallbackAfterEndCall`;

/** What has come overnight. Nobody is ours yet, so every unanswered call counts. */
export async function overnight({ calltrail, record, report }) {
  const bodies = callbacks();
  const statuses = await Promise.all(bodies.map((body) => calltrail.post(QUERY, { "Content-Type": "application/json" }, body)));
  assert.deepEqual([...new Set(statuses)], [200], "each callback is taken");
  assert.equal(await record.total("calls"), expected.calls);
  assert.equal((await record.exported("calls", "call_id")).length, expected.calls);
  assert.equal(await record.total("people"), expected.seen);
  assert.deepEqual(await record.cases(), { open: expected.unmarked, closed_itself: expected.closed_itself });
  report("overnight", `${bodies.length} callbacks`);
}

/** The contacts from their file, in somebody's name: the first thing that is written asks for it. */
export async function importContacts({ page, text, record, report }) {
  await page.click(id("nav-people"));
  await total(page, text.people.listed(expected.seen));
  await page.click(id("import-contacts"));
  await page.setInputFiles(id("import-file"), fileURLToPath(CONTACTS));
  await page.locator(id("import-kind-new")).waitFor();
  const { outcomes } = text.contacts;
  const counts = [outcomes.new(expected.contacts), outcomes.changed(0), outcomes.unchanged(0), outcomes.refused(0)];
  assert.equal(await page.textContent(id("import-heard")), text.punctuation.all(counts), "what the file would change");
  await page.click(id("import-yes"));
  await page.waitForSelector(id("who-am-i-name"));
  await page.keyboard.type(day.me);
  await page.keyboard.press("Enter");
  await isTold(page, text.contacts.told(expected.contacts, 0));
  await total(page, text.people.listed(expected.people));

  assert.equal((await record.api("/api/me")).name, day.me);
  assert.equal(await record.total("people"), expected.people);
  const lines = await record.exported("people", "user,name,team,phone");
  assert.equal(lines.length, expected.people, "two of the contacts were never in a call");
  // The export writes a value as the file had it: what is in one is in the other.
  const contacts = readFileSync(CONTACTS, "utf8").trimEnd().split("\n").slice(1);
  assert.deepEqual(
    contacts.filter((line) => !lines.includes(line)),
    [],
    "every contact is as it was in the file",
  );
  assert.equal(lines.filter((line) => !line.endsWith(",,,")).length, expected.contacts, "and nobody else has a name");
  report("contacts", `${expected.contacts} imported`);
}

/** Six of a team are marked as ours by keyboard; those who were never in a call stand below them. */
export async function markOurs({ page, text, record, report }) {
  await page.click(id("filter-team"));
  await page.click(`[data-value="${day.team}"]`);
  await total(page, text.people.listed(expected.team));
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  for (let i = 1; i < day.ours.length; i += 1) await page.keyboard.press("Shift+ArrowDown");
  await shows(page, "selection-count", text.selection.selected(text.people.listed(day.ours.length)));
  await page.click(id("bulk-ours"));
  await isTold(page, text.people.told.ours(day.ours.length));
  await shows(page, "nav-followup-count", String(expected.open));

  assert.deepEqual((await record.exported("people", "user", "--ours", "yes")).sort(), day.ours, "these and nobody else");
  assert.equal(await record.total("people", { ours: "yes" }), day.ours.length);
  assert.deepEqual(await record.cases(), { open: expected.open, closed_itself: expected.closed_itself }, "only calls to ours are missed");
  report("ours", `${day.ours.length} people marked, ${expected.open} cases are open`);
}

/** All that a filter finds has a tag with one change, and loses it with one undo. */
export async function tagMany({ page, text, record, report }) {
  const { taggedCalls } = text.notes.told;
  await page.click(id("nav-calls"));
  await total(page, text.list.calls(expected.calls));
  await page.click(id("filter-result"));
  await page.click(`[data-value=${day.result}]`);
  await page.keyboard.press("Escape");
  await total(page, text.list.calls(expected.found));
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Control+a");
  await shows(page, "selection-count", text.selection.selected(text.list.calls(expected.found)));
  await page.click(`input${id("bulk-tag-add")}`);
  await page.keyboard.type(day.tag);
  await page.locator("[role=option][data-highlighted]", { hasText: text.notes.newTag(day.tag) }).waitFor();
  await page.keyboard.press("Enter");
  await isTold(page, taggedCalls(day.tag, expected.found));
  await isTagged(record, expected.found);

  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Control+z");
  await isTold(page, text.undo.undone(taggedCalls(day.tag, expected.found)));
  await isTagged(record, 0);
  report("tags", `${expected.found} calls tagged at once, and undone`);
}

/** So many calls have the tag, each of them found by the filter; no other call has any. */
async function isTagged(record, n) {
  assert.equal(await record.total("calls", { tag: day.tag }), n);
  assert.equal((await record.exported("calls", "call_id", "--tag", day.tag)).length, n);
  const lines = await record.exported("calls", "result,tags");
  assert.equal(lines.length, expected.calls);
  assert.equal(lines.filter((line) => line === `${day.result},${day.tag}`).length, n);
  assert.equal(lines.filter((line) => line.endsWith(",")).length, expected.calls - n);
}
