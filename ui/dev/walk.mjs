// Walks through the built screens against the seeded mock, with the shipped policy: keyboard, scrolling, live changes, export.
// Usage: npm run walk (in every language; `LANGUAGES=zh` in this one alone, `WALK=room` these chapters alone)
import { chromium } from "playwright-core";

import { watchedPage } from "./screens.mjs";
import { served } from "./served.mjs";
import "./walk/overview.mjs";
import "./walk/lists.mjs";
import "./walk/columns.mjs";
import "./walk/million.mjs";
import "./walk/filters.mjs";
import "./walk/details.mjs";
import "./walk/people.mjs";
import "./walk/person.mjs";
import "./walk/contacts.mjs";
import "./walk/notes.mjs";
import "./walk/followup.mjs";
import "./walk/sources.mjs";
import "./walk/record.mjs";
import "./walk/callbacks.mjs";
import "./walk/settings.mjs";
import { textsIn, walks } from "./walk/stage.mjs";

const languages = (process.env.LANGUAGES ?? "en,zh").split(",");
const chapters = walks.filter(({ name }) => name.startsWith(process.env.WALK ?? ""));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];

/** One chapter in one language, against a mock that starts anew. */
async function go({ name, steps, meant }, language, text) {
  const server = await served();
  const told = [];
  const page = await watchedPage(browser, `${language} ${name}`, { viewport: { width: 1280, height: 800 } }, told, language);
  await steps(page, server.resolvedUrls?.local[0] ?? "", text);
  await page.close();
  await server.close();
  // The browser itself reports the requests that were broken, or refused, on purpose.
  complaints.push(...told.filter((line) => meant === undefined || !line.includes(meant)));
  console.log(`${language} ${name}: ok`);
}

const texts = [];
for (const language of languages) texts.push(await textsIn(language));
for (const chapter of chapters) {
  for (const key of ["MOCK", "MOCK_DESKTOP", "MOCK_NAMED"]) delete process.env[key];
  Object.assign(process.env, chapter.mock);
  await Promise.all(languages.map((language, at) => go(chapter, language, texts[at])));
}
await browser.close();
if (complaints.length > 0 || chapters.length === 0) {
  console.error(complaints.join("\n"));
  process.exit(1);
}
