// A morning at the desk, in Chromium on the real program: contacts are imported, people marked as ours, missed callers worked off by
// keyboard, and many calls tagged at once; each stage is read back. tests/desktop/morning.rs is the same in the real window.
// Usage: node dev/morning.mjs path/to/calltrail
import { resolve } from "node:path";

import { chromium } from "playwright-core";

import { day } from "./morning/day.mjs";
import { followUp } from "./morning/followup.mjs";
import { Record } from "./morning/record.mjs";
import { importContacts, markOurs, overnight, tagMany } from "./morning/stages.mjs";
import { serve } from "./program.mjs";
import { watchedPage } from "./screens.mjs";
import { textsIn } from "./walk/stage.mjs";

const [named] = process.argv.slice(2);
if (named === undefined) throw new Error("Usage: node dev/morning.mjs path/to/calltrail");
const program = resolve(named);

/** What has not come after so long is missing; a busy machine takes its time. */
const PATIENCE_MS = 30_000;
/** So wide that a list has all of its columns beside what is open. */
const OPTIONS = { viewport: { width: 1600, height: 900 }, timezoneId: "UTC" };

const complaints = [];

/** Says what was done, once the page has not complained of it. */
function report(stage, words) {
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  console.log(`morning: ${stage}: ${words}: ok`);
}

async function morning(browser, calltrail) {
  const page = await watchedPage(browser, "the morning", OPTIONS, complaints, "en");
  page.setDefaultTimeout(PATIENCE_MS);
  const text = await textsIn("en");
  const at = { page, text, calltrail, record: new Record(program, calltrail), report };
  await overnight(at);
  await page.goto(calltrail.web);
  await page.locator("main").waitFor();
  for (const stage of [importContacts, markOurs, followUp, tagMany]) await stage(at);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const calltrail = await serve(program, [day.app]);
  await morning(browser, calltrail).finally(() => calltrail.close());
} finally {
  await browser.close();
}
