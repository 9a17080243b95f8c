// Every screen in the longest words and in Chinese, at three widths: nothing is cut off, and nothing makes the page wider than the window.
// In Chinese, nothing is left in English on the screens about Tencent.
// Usage: npm run fit [-- folder for pictures of the faults] (`LOOK=callbacks` these screens alone, `LANGUAGES=zh` one language)
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { englishIn, wordsOf } from "./english.mjs";
import { eachScreen, isComplaint } from "./screens.mjs";

const WIDTHS = [1920, 1360, 900];
const folder = process.argv[2];
if (folder) mkdirSync(folder, { recursive: true });
const complaints = [];
/** Which part of a screen has to be translated to its last word. */
const translated = (name) => (name.startsWith("callbacks") ? "body" : /^signing-(?!refused)/.test(name) ? "[data-testid=signing]" : undefined);
/** What is wrong, each once, with the first screen that shows it. */
const faults = new Map();

/** In the page: what is cut off of our own words, and whether the page is wider than its window. */
function unfit() {
  const found = [];
  const wider = document.documentElement.scrollWidth - window.innerWidth;
  if (wider > 0) found.push(`the page is ${wider} pixels wider than the window`);
  for (const panel of document.querySelectorAll(".floating, dialog[open]")) {
    const { left, top, right, bottom } = panel.getBoundingClientRect();
    if (left < 0 || top < 0 || right > window.innerWidth || bottom > window.innerHeight) found.push(`leaves the window: ${panel.outerHTML.slice(0, 160)}`);
  }
  const hides = (axis) => !["visible", "auto", "scroll"].includes(axis);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    // Ids and names may be of any length, so those end with dots; they are in elements of their own.
    if (!/[⟦\u4e00-\u9fff]/.test(node.data) || element.closest("bdi, .only-heard, title, option") || !element.checkVisibility({ visibilityProperty: true }))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const words = range.getBoundingClientRect();
    if (words.width < 1) continue;
    for (let around = element; around !== null && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      const edge = around.getBoundingClientRect();
      if (hides(style.overflowX) && words.left < edge.right && words.right > edge.right + 1)
        found.push(`cut off at its side: ${element.outerHTML.slice(0, 160)}`);
      else if (hides(style.overflowY) && words.top < edge.bottom && words.bottom > edge.bottom + 2)
        found.push(`cut off below: ${element.outerHTML.slice(0, 160)}`);
      if (style.overflowX !== "visible") break;
    }
  }
  return found;
}

/** The faults that stay: an open panel goes after the window's new width a few moments later. */
async function faultsOf(page) {
  let found = await page.evaluate(unfit);
  for (let tries = 0; tries < 20 && found.length > 0; tries += 1) {
    await page.waitForTimeout(50);
    found = await page.evaluate(unfit);
  }
  return found;
}

const languages = (process.env.LANGUAGES ?? "pseudo,zh").split(",");
const options = { viewport: { width: WIDTHS[0], height: 800 }, reducedMotion: "reduce" };
const looked = await eachScreen(languages, options, complaints, async (page, name, language) => {
  const part = language === "zh" ? translated(name) : undefined;
  if (part !== undefined) {
    const english = (await page.evaluate(wordsOf, part)).filter((words) => englishIn(words).length > 0 && !faults.has(words));
    english.forEach((words) => faults.set(words, `${language} ${name}, in English`));
    if (folder && english.length > 0) await page.screenshot({ path: join(folder, `${language}-${name}-english.png`) });
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(60);
    const fresh = (await faultsOf(page)).filter((fault) => !faults.has(fault));
    fresh.forEach((fault) => faults.set(fault, `${language} ${name} at ${width}`));
    if (folder && fresh.length > 0) await page.screenshot({ path: join(folder, `${language}-${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 800 });
});

const told = [...[...faults].map(([fault, where]) => `${where}: ${fault}`), ...complaints.filter(isComplaint)];
console.log(`${looked} screens at ${WIDTHS.join(", ")} pixels: ${told.length} faults`);
if (told.length > 0 || looked === 0) {
  console.error(told.join("\n"));
  process.exit(1);
}
