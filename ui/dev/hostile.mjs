// Hostile texts in every field that a callback can fill, posted to the real program, and every screen that shows them.
// Usage: node dev/hostile.mjs path/to/calltrail [folder for pictures]
import { mkdirSync } from "node:fs";

import { chromium } from "playwright-core";

import { Watched } from "./hostile/browser.mjs";
import { payloads } from "./hostile/payloads.mjs";
import { additions, APP, MIXED_APP, scenes } from "./hostile/scenes.mjs";
import { walk } from "./hostile/screens.mjs";
import { seesEverything } from "./hostile/selfcheck.mjs";
import { serve } from "./program.mjs";

const [program, pictures] = process.argv.slice(2);
if (program === undefined) throw new Error("Usage: node dev/hostile.mjs path/to/calltrail [folder for pictures]");
if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
/** So many requests at once, as busy senders make them. */
const SENDERS = 24;
/** As many harmless texts show every element that a screen can have. */
const HARMLESS = 9;

/** Longer than this even a busy machine does not take; what was found until then is printed. */
const LONGEST_MS = Number(process.env.HOSTILE_SECONDS ?? 600) * 1000;

/** `HOSTILE=control` posts this group alone, and leaves out the self-check. */
const chosen = payloads().filter(({ group }) => group.startsWith(process.env.HOSTILE ?? ""));

async function deliver(calltrail, all) {
  const statuses = {};
  let next = 0;
  const sender = async () => {
    while (next < all.length) {
      const { query, headers, body } = all[next++];
      const status = await calltrail.post(query, headers, body);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const [taken, refused] = [statuses[200] ?? 0, statuses[403] ?? 0];
  if (taken + refused !== all.length || taken < all.length / 2)
    throw new Error(`the listener answered ${JSON.stringify(statuses)} to ${all.length} deliveries`);
  return taken + refused;
}

/** Writes what people add. A text that the program takes as no name or no tag is refused, and stands nowhere. */
async function add(calltrail, all) {
  const statuses = {};
  for (const [path, body] of all) {
    const status = await calltrail.write(path, body);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  if ((statuses[200] ?? 0) < all.length / 2) throw new Error(`the API answered ${JSON.stringify(statuses)} to ${all.length} additions`);
  return statuses[200];
}

/** Posts the texts to a program of their own and walks through its screens. */
async function run(browser, texts, allowed) {
  const calltrail = await serve(program, [APP, MIXED_APP]);
  let limit;
  try {
    const began = Date.now();
    const posted = await deliver(calltrail, scenes(texts));
    const added = await add(calltrail, additions(texts));
    const sent = Date.now() - began;
    const watched = new Watched(browser, calltrail, texts, allowed);
    limit = setTimeout(() => {
      watched.report();
      console.error(`It was not finished in ${LONGEST_MS / 1000} s, after ${watched.visits} views.`);
      void calltrail.close().then(() => process.exit(1));
    }, LONGEST_MS);
    const pages = allowed === undefined ? undefined : pictures;
    await walk(watched, texts, pages).catch((cause) => {
      // What was found until then may say why.
      watched.report();
      throw cause;
    });
    if (allowed === undefined && watched.faults.size === 0 && process.env.HOSTILE === undefined) {
      const seen = await seesEverything(browser, calltrail, watched.names, texts, payloads());
      console.log(`${seen} kinds of mischief on purpose: each was found`);
    }
    console.log(
      `${texts.length} ${texts[0]?.group === "harmless" ? "harmless" : "hostile"} texts: ${posted} deliveries and ${added} additions in ${sent} ms, ${watched.visits} views in ${Date.now() - began - sent} ms, ${watched.faults.size} faults`,
    );
    return watched;
  } finally {
    clearTimeout(limit);
    await calltrail.close();
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const harmless = await run(browser, payloads(true).slice(0, HARMLESS));
  harmless.report();
  // A fault of this script would be found in every view again.
  if (harmless.faults.size === 0) (await run(browser, chosen, harmless.names)).report();
} finally {
  await browser.close();
}
