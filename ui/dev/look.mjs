// Looks at the built screens: PNGs of each, light and dark, and a failure where the policy is broken or the page complains.
// Usage: npm run build && npm run look [-- folder]
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import { preview } from "vite";

const folder = process.argv[2] ?? join(tmpdir(), "calltrail-look");
mkdirSync(folder, { recursive: true });
const server = await preview({ logLevel: "silent", preview: { port: 0, strictPort: false } });
const base = process.env.CALLTRAIL_URL ?? server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];

const steps = [
  ["calls", async (page) => page.goto(`${base}#/calls`)],
  ["call-open", async (page) => page.locator("[data-testid=call-row]").nth(4).click()],
  ["call-bottom", async (page) => page.locator("[data-testid=call-detail] .body").evaluate((body) => (body.scrollTop = 9999))],
  ["call-disputed", async (page) => { await page.keyboard.press("Escape"); await page.locator("[data-testid=call-row]").nth(5).click(); }],
  ["call-silent", async (page) => { await page.keyboard.press("Escape"); await page.locator("[data-testid=call-row]").nth(7).click(); }],
  ["filter", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=filter-result]"); }],
  ["period", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=filter-period]"); }],
  ["export-options", async (page) => { await page.keyboard.press("Escape"); await page.click("[data-testid=call-export-options]"); }],
  ["none", async (page) => { await page.keyboard.press("Escape"); await page.fill("[data-testid=search]", "no such thing"); await page.waitForTimeout(400); }],
  ["rooms", async (page) => page.goto(`${base}#/rooms`)],
  ["room-open", async (page) => page.locator("[data-testid=room-row]").nth(1).click()],
  ["room-stays", async (page) => page.locator("[data-testid=stay-row]").first().evaluate((row) => row.scrollIntoView())],
  ["room-life", async (page) => page.locator("[data-testid=life-row] button").nth(1).click()],
  ["room-life-stays", async (page) => page.locator("[data-testid=stay-row]").first().evaluate((row) => row.scrollIntoView())],
  ["room-details", async (page) => page.locator("[data-testid=room-totals]").scrollIntoViewIfNeeded().then(() => page.locator("[data-testid=room-detail] .body").evaluate((body) => body.scrollBy(0, 560)))],
  ["deliveries", async (page) => page.goto(`${base}#/deliveries`)],
  ["delivery-open", async (page) => page.locator("[data-quarantined]").first().click()],
  ["settings", async (page) => page.goto(`${base}#/settings`)],
  ["start", async (page) => { await page.goto(`${base}#/start`); await page.click("[data-testid=first-run-test]"); await page.waitForSelector("[data-testid=first-run-arrived]"); }],
];

for (const scheme of ["light", "dark"]) {
  const page = await browser.newPage({ viewport: { width: Number(process.env.WIDTH ?? 1280), height: Number(process.env.HEIGHT ?? 800) }, colorScheme: scheme });
  page.setDefaultTimeout(8000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${scheme}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${scheme}: ${error.stack ?? error.message}`));
  for (const [name, go] of steps) {
    await go(page).catch((cause) => complaints.push(`${scheme} ${name}: ${String(cause)}`));
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  await page.close();
}
await browser.close();
await server.close();
if (complaints.length > 0) {
  console.error(complaints.join("\n"));
  process.exit(1);
}
