// Looks at the built screens: PNGs of each, light and dark, and a failure where the policy is broken or the page complains.
// Usage: npm run build && npm run look [-- folder]
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import { preview } from "vite";

import { isComplaint, screens, watchedPage } from "./screens.mjs";

const folder = process.argv[2] ?? join(tmpdir(), "calltrail-look");
mkdirSync(folder, { recursive: true });
const server = await preview({ logLevel: "silent", preview: { port: 0, strictPort: false } });
const base = process.env.CALLTRAIL_URL ?? server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const complaints = [];

// `LOOK=callbacks` looks at these alone, `LANGUAGE=zh` in another language, `WIDTH=900` at another width.
const chosen = screens(base).filter(([name]) => name.startsWith(process.env.LOOK ?? ""));

for (const scheme of ["light", "dark"]) {
  const viewport = { width: Number(process.env.WIDTH ?? 1280), height: Number(process.env.HEIGHT ?? 800) };
  const page = await watchedPage(browser, scheme, { viewport, colorScheme: scheme }, complaints);
  if (process.env.LANGUAGE) await page.addInitScript((language) => localStorage.setItem("calltrail.language", language), process.env.LANGUAGE);
  for (const [name, go] of chosen) {
    await go(page).catch((cause) => complaints.push(`${scheme} ${name}: ${String(cause)}`));
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  await page.close();
}
await browser.close();
await server.close();
const real = complaints.filter(isComplaint);
if (real.length > 0) {
  console.error(real.join("\n"));
  process.exit(1);
}
