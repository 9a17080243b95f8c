// Looks at the built screens: PNGs of each, light and dark, and a failure where the policy is broken or the page complains.
// Usage: npm run build && npm run look [-- folder]
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isComplaint, stage, watchedPage } from "./screens.mjs";

const folder = process.argv[2] ?? join(tmpdir(), "calltrail-look");
mkdirSync(folder, { recursive: true });
const { browser, chosen, close } = await stage();
const complaints = [];

// `LOOK=callbacks` looks at these alone, `LANGUAGE=zh` in another language, `WIDTH=900` at another width.
for (const scheme of ["light", "dark"]) {
  const viewport = { width: Number(process.env.WIDTH ?? 1280), height: Number(process.env.HEIGHT ?? 800) };
  const page = await watchedPage(browser, scheme, { viewport, colorScheme: scheme }, complaints, process.env.LANGUAGE);
  for (const [name, go] of chosen) {
    await go(page).catch((cause) => complaints.push(`${scheme} ${name}: ${String(cause)}`));
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  await page.close();
}
await close();
const real = complaints.filter(isComplaint);
if (real.length > 0) {
  console.error(real.join("\n"));
  process.exit(1);
}
