// Contacts from a file: chosen, looked at, its columns changed, taken in without the rows that are refused, and taken back together.
import assert from "node:assert/strict";

import { id, shows, TOLD, walk } from "./stage.mjs";

const named = { mock: { MOCK_NAMED: "1" } };
const csv = (lines, name = "people.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
const LINES = ["user,name,team,ours", "new-1,李四,Front desk,yes", "1.23E+15,Eva,,", "new-2,<img src=x onerror=alert(1)>,,", "bob,Bob Ferreira,Night,"];
const told = (page, words) => shows(page, TOLD, words);
const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid);
const kind = (page, name) => page.locator(id(`import-kind-${name}`));

/** The dialog, opened by the keyboard, with this file. */
async function open(page, base, file) {
  // The browser is told in time that nobody is there to answer its own dialog.
  page.on("filechooser", (chooser) => chooser.setFiles(file));
  await page.goto(`${base}#/people`);
  await page.locator(id("person-row")).first().waitFor();
  await page.locator(id("import-contacts")).focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "import-choose", "the keyboard is where a file is chosen");
  await page.keyboard.press("Enter");
}

walk(
  "contacts are imported from a file",
  async (page, base, text) => {
    const { contacts, problems } = text;
    await open(page, base, csv(LINES));
    await kind(page, "refused").waitFor();
    assert.equal(await page.textContent(id("import-name")).then((words) => words.includes("people.csv")), true, "the file is named");
    assert.match(await page.textContent(id("import-source")), /UTF-8/, "and what it was read as");
    const heard = text.punctuation.all([contacts.outcomes.new(2), contacts.outcomes.changed(1), contacts.outcomes.unchanged(0), contacts.outcomes.refused(1)]);
    assert.equal(await page.textContent(id("import-heard")), heard, "the counts are read aloud");
    const row = page.locator(id("import-row"));
    assert.equal(await row.first().getAttribute("data-line"), "3", "the row that is refused is named with its line");
    const why = problems.rows.rounded({ code: "rounded", field: "user", text: "1.23E+15" });
    assert.ok((await row.first().textContent()).includes(why), "and why");

    await kind(page, "new").click();
    assert.equal(await row.count(), 2);
    assert.match(await row.nth(1).textContent(), /<img src=x/, "a name is no markup");
    assert.equal(await page.locator("img[onerror]").count(), 0);
    await page.keyboard.press("ArrowLeft");
    await page.locator(`${id("import-row")} .before`).waitFor();
    assert.match(await row.first().textContent(), /Night/, "the arrow keys go from kind to kind");

    // Another column: what would change is told again.
    await page.selectOption(id("import-column-team"), "");
    await kind(page, "changed").waitFor({ state: "detached" });
    await page.selectOption(id("import-column-comment"), "3");
    await kind(page, "changed").waitFor();
    await page.selectOption(id("import-column-user"), "");
    await page.waitForSelector(id("import-needs-user"));
    assert.equal(await page.getAttribute(id("import-yes"), "aria-disabled"), "true", "without ids there is nothing to import");
    await page.selectOption(id("import-column-user"), "1");
    await page.selectOption(id("import-column-team"), "3");
    assert.equal(await page.inputValue(id("import-column-comment")), "", "a column is one thing");

    await page.click(id("import-refused-none"));
    await page.click(id("import-yes"));
    await page.locator(`${id("import")} [role=alert]`, { hasText: contacts.nothing(1) }).waitFor();
    await page.click(id("import-refused-others"));
    await page.click(id("import-yes"));
    await told(page, contacts.told(3, 1));
    assert.equal(await page.locator("dialog[open]").count(), 0, "the dialog is closed");
    assert.equal(await focused(page), "import-contacts", "and the keyboard is where it was");
    // Who was never seen stands at the end of the list.
    await page.fill(id("search"), "new-1");
    await page.locator(`${id("person-row")}[data-user=new-1]`, { hasText: "李四" }).waitFor();
    await page.click(id("undo"));
    await told(page, text.undo.undone(contacts.told(3, 1)));
    await page.locator(`${id("person-row")}[data-user=new-1]`, { hasText: "李四" }).waitFor({ state: "detached" });
  },
  named,
);

walk(
  "contacts files that are none",
  async (page, base, text) => {
    await open(page, base, { name: "people\u202excod.xlsx", mimeType: "", buffer: Buffer.from("PK\u0003\u0004") });
    const why = text.problems.requests.contacts_unreadable({
      code: "contacts_unreadable",
      why: { code: "damaged_workbook", part: "xl/workbook.xml" },
    });
    await page.locator(id("import-problem"), { hasText: why }).waitFor();
    assert.match(await page.textContent(id("import-name")), /people\\u\{202E\}/, "nothing in its name turns the words around");
    assert.equal(await page.getAttribute(id("import-yes"), "aria-disabled"), "true");

    // The same file is chosen again once it was corrected; it can be dropped as well.
    await page.setInputFiles(id("import-file"), csv(["用户ID;姓名", "bob;Bob Ferreira"]));
    await kind(page, "unchanged").waitFor();
    assert.equal(await page.locator(id("import-problem")).count(), 0);
    assert.equal(await page.getAttribute(id("import-yes"), "aria-disabled"), "true", "nothing would change");
    const data = await page.evaluateHandle(() => {
      const held = new DataTransfer();
      held.items.add(new File(["user,name\nnew-3,Ben\n"], "dropped.csv"));
      return held;
    });
    await page.dispatchEvent(id("import"), "dragover", { dataTransfer: data });
    await page.waitForSelector(".file.over");
    await page.dispatchEvent(id("import"), "drop", { dataTransfer: data });
    await page.locator(id("import-name"), { hasText: "dropped.csv" }).waitFor();
    await kind(page, "new").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(id("import")).waitFor({ state: "hidden" });
    assert.equal(await focused(page), "import-contacts", "nothing was written, and the keyboard is where it was");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(id("import-name")).count(), 0, "the file is forgotten");
  },
  { ...named, meant: "400 (Bad Request)" },
);

walk("contacts are imported in somebody's name", async (page, base, text) => {
  await open(page, base, csv(["user,name", "new-1,Ann"]));
  await kind(page, "new").waitFor();
  await page.click(id("import-yes"));
  await page.waitForSelector(id("who-am-i-name"));
  await page.keyboard.type("Ann Weber");
  await page.keyboard.press("Enter");
  await told(page, text.contacts.told(1, 0));
});
