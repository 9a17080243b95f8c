// Every screen in every language, examined by axe-core: names, roles and contrast, in the first one also in the dark. Fails where a rule is broken.
// Usage: npm run axe (`LOOK=callbacks` these screens alone, `WIDTH=900` at another width, `LANGUAGES=zh` in this language alone)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { eachScreen, isComplaint } from "./screens.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What axe asks only when it is told to: the words that are seen on a control are in its name, for those who speak to it. */
const MORE_RULES = { "label-content-name-mismatch": { enabled: true } };

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
const languages = (process.env.LANGUAGES ?? "en,zh").split(",");

const examined = await eachScreen(languages, { viewport, colorScheme: "light", reducedMotion: "reduce" }, complaints, async (page, name, language) => {
  const where = `${language} ${name}`;
  await examine(page, where, { rules: MORE_RULES });
  // Only colours differ in the dark, and they are the same in every language.
  if (language === languages[0]) {
    await page.emulateMedia({ colorScheme: "dark" });
    await examine(page, `${where}, dark`, { runOnly: ["color-contrast"] });
    await page.emulateMedia({ colorScheme: "light" });
  }
});

const told = [...[...faults].map(([fault, where]) => `${where}: ${fault}`), ...complaints.filter(isComplaint)];
console.log(`${examined} screens at ${viewport.width} pixels: ${told.length} faults`);
if (told.length > 0 || examined === 0) {
  console.error(told.join("\n"));
  process.exit(1);
}
