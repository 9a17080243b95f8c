// Every screen, examined by axe-core: names, roles and contrast, in light and in dark. Fails where a rule is broken.
// Usage: npm run axe (`LOOK=callbacks` these screens alone, `WIDTH=900` at another width, `LANGUAGE=zh` in another language)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";
import { preview } from "vite";

import { isComplaint, screens, watchedPage } from "./screens.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What axe asks only when it is told to: the words that are seen on a control are in its name, for those who speak to it. */
const MORE_RULES = { "label-content-name-mismatch": { enabled: true } };

const server = await preview({ logLevel: "silent", preview: { port: 0, strictPort: false } });
const base = process.env.CALLTRAIL_URL ?? server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];
/** What is wrong, each once, with the first screen that shows it. */
const faults = new Map();

async function examine(page, where, options) {
  // Through the debugger: the policy lets no script of somebody else into the document.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((settings) => window.axe.run(settings), { resultTypes: ["violations"], ...options });
  for (const { id, help, nodes } of violations) {
    for (const { html, failureSummary } of nodes) {
      const fault = `${id} (${help})\n    ${html.slice(0, 240)}\n    ${failureSummary?.replace(/\s+/g, " ")}`;
      if (!faults.has(fault)) faults.set(fault, where);
    }
  }
}

const viewport = { width: Number(process.env.WIDTH ?? 1360), height: 800 };
const page = await watchedPage(browser, "axe", { viewport, colorScheme: "light", reducedMotion: "reduce" }, complaints);
if (process.env.LANGUAGE) await page.addInitScript((language) => localStorage.setItem("calltrail.language", language), process.env.LANGUAGE);
let examined = 0;
for (const [name, go] of screens(base).filter(([name]) => name.startsWith(process.env.LOOK ?? ""))) {
  await go(page).catch((cause) => complaints.push(`${name}: ${String(cause)}`));
  await page.waitForTimeout(300);
  await examine(page, name, { rules: MORE_RULES });
  // Only colours differ in the dark.
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, `${name}, dark`, { runOnly: ["color-contrast"] });
  await page.emulateMedia({ colorScheme: "light" });
  examined += 1;
}
await browser.close();
await server.close();

const told = [...[...faults].map(([fault, where]) => `${where}: ${fault}`), ...complaints.filter(isComplaint)];
console.log(`${examined} screens in light and dark at ${viewport.width} pixels: ${told.length} faults`);
if (told.length > 0 || examined === 0) {
  console.error(told.join("\n"));
  process.exit(1);
}
