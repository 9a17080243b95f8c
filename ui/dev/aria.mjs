// Menus, the combobox, popovers, the dialog and the list as a screen reader has them, and where the keyboard goes: compared with
// the texts in `dev/aria/`, in English and Chinese. Usage: npm run aria (`UPDATE=1` writes the texts, `LANGUAGES=zh` one language)
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isComplaint, stage, watchedPage } from "./screens.mjs";

const FOLDER = join(import.meta.dirname, "aria");
const id = (name) => `[data-testid=${name}]`;
const focused = (name) => (page) => page.locator(name).first().focus();

/**
 * What is opened, by which keys; a key may be another one in each language. When the first key has brought `look`, the parts `of` it are
 * told in full. What `changes` has numbers that are others tomorrow.
 */
const SCENES = {
  menu: {
    hash: "calls",
    start: focused(id("filter-result")),
    look: "[role=menu] .rows >> nth=0",
    of: "[role=menu]",
    keys: ["Enter", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home", { en: "m", zh: "未" }, "Space", "Escape"],
  },
  "menu-of-one": {
    hash: "calls",
    start: focused(id("filter-type")),
    look: "[role=menu] .rows >> nth=0",
    of: "[role=menu]",
    keys: ["ArrowDown", { en: "g", zh: "多" }, "Enter", "ArrowDown", "Tab"],
  },
  period: {
    hash: "calls?from=2026-03-05&to=2026-03-11",
    start: focused(id("filter-period")),
    look: "[role=dialog] [data-day]",
    of: "[role=dialog] [role=radiogroup], [role=dialog] .fields, [role=dialog] thead",
    keys: ["Enter", "ArrowDown", "ArrowDown", "Escape"],
  },
  calendar: {
    hash: "calls?from=2026-03-05&to=2026-03-11",
    start: async (page) => {
      await page.click(id("filter-period"));
      await page.locator("[role=dialog] [data-day='2026-03-11']").first().focus();
    },
    look: "[role=dialog] [data-day]",
    of: "[role=dialog] tbody tr:nth-child(2)",
    keys: ["ArrowRight", "ArrowDown", "ArrowLeft", "Enter", "ArrowUp", "Enter", "Escape"],
  },
  export: {
    hash: "calls",
    start: focused(id("call-export-options")),
    look: id("export-columns"),
    of: "dialog[open] .options",
    keys: ["Enter", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Enter", "Shift+Tab", "Escape"],
  },
  combobox: {
    hash: "calls",
    start: async (page) => {
      await page.evaluate(() => fetch("/api/mock/apps?many"));
      await page.locator(`input${id("filter-app")}`).focus();
    },
    look: "[role=listbox] [role=option] >> nth=20",
    of: "[role=listbox]",
    keys: ["ArrowDown", "客", "Space", "2", "ArrowDown", "ArrowDown", "ArrowUp", "Enter", "x", "Escape", "ArrowDown", "Escape"],
    end: (page) => page.evaluate(() => fetch("/api/mock/apps?few")),
  },
  radio: {
    hash: "settings",
    start: focused(`${id("theme-system")}`),
    look: `[role=radiogroup]:has(${id("theme-system")})`,
    of: `[role=radiogroup]:has(${id("theme-system")})`,
    keys: ["ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Shift+Tab"],
  },
  dialog: {
    hash: "settings",
    start: (page) => page.locator(id("backup-restore")).last().focus(),
    look: "dialog[open]",
    of: "dialog[open]",
    changes: true,
    keys: ["Enter", "Tab", "Tab", "Escape"],
  },
  tip: {
    hash: "calls",
    start: async (page) => {
      await page.locator(id("call-row")).nth(4).click();
      await page.locator(id("panel-close")).focus();
    },
    look: id("tooltip"),
    of: id("tooltip"),
    changes: true,
    keys: ["Shift+Tab", "Tab", "Escape", "Escape"],
  },
  layers: {
    hash: "calls",
    start: async (page) => {
      await page.locator(id("call-row")).nth(4).click();
      await page.waitForSelector(id("call-detail"));
      await page.locator(id("filter-result")).focus();
    },
    look: id("call-detail"),
    of: "[role=menu]",
    changes: true,
    keys: ["Enter", "g", "/", "Escape", "Escape"],
  },
  "put-off": {
    hash: "followup",
    start: async (page) => {
      await page.locator(id("case-row")).nth(2).click();
      await page.waitForSelector(id("case-why"));
      await page.locator("[role=grid]").focus();
    },
    look: id("case-put-off-day"),
    of: "[role=dialog]",
    changes: true,
    keys: ["p", "Tab", "Tab", "d", "Escape", "n", "Escape", "a", "Escape", "Shift+D", "x", "Escape"],
  },
  followup: {
    hash: "followup",
    start: async (page) => {
      await page.evaluate(() => fetch("/api/mock/named?yes"));
      await page.locator(id("case-row")).nth(3).waitFor();
      await page.locator("h1").click();
    },
    look: `${id("case-row")}[data-marked]`,
    of: `${id("case-row")}[data-marked], [role=radiogroup]:visible, ${id("case-median")}`,
    changes: true,
    keys: ["j", "Enter", "d", "j", "k", "Control+z", "Escape"],
  },
  list: {
    hash: "calls",
    start: focused("[role=grid]"),
    look: id("call-row"),
    of: `${id("call-row")}[data-row="0"], [role=columnheader]`,
    changes: true,
    keys: ["ArrowDown", "ArrowDown", "j", "k", "Home", "Space", "Shift+ArrowDown", "Escape", "Enter", "Escape"],
  },
};

const lasting = (told) => told.replace(/\d[\d,:.]*/g, "0").replace(/(0 (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*|Yesterday|0月0日|昨天) 0/g, "0");
/** The first line of a snapshot, without what is inside it. */
const headline = (snapshot) => /^(\w+(?: "(?:[^"\\]|\\.)*")?(?: \[[^\]]*\])*)/.exec(snapshot.replace(/^- '?/, ""))?.[1] ?? snapshot;

/** What has the keyboard, as it is read aloud, and what is open over the screen. */
async function standing(page) {
  await page.waitForTimeout(250);
  const at = await page.evaluate(() => {
    const element = document.activeElement;
    const option = element?.getAttribute("aria-activedescendant");
    if (option) return `[id="${CSS.escape(option)}"]`;
    return element === null || element === document.body ? "" : ":focus";
  });
  const told = at === "" ? "nothing" : headline(await page.locator(at).ariaSnapshot());
  const open = await page.evaluate(() =>
    ["menu", "listbox", "dialog", "tooltip", "complementary"].filter((role) =>
      document.querySelector(role === "dialog" ? "dialog[open], [role=dialog]" : role === "complementary" ? "aside" : `[role=${role}]`),
    ),
  );
  return `${told}${open.length > 0 ? `   (open: ${open.join(", ")})` : ""}`;
}

/** A key, or a letter that no keyboard of this computer has. */
async function press(page, key) {
  if (/^[\x20-\x7e]+$/.test(key)) return page.keyboard.press(key);
  const debuggee = await page.context().newCDPSession(page);
  await debuggee.send("Input.dispatchKeyEvent", { type: "keyDown", key, text: key });
  await debuggee.send("Input.dispatchKeyEvent", { type: "keyUp", key });
}

async function tell(page, base, language, { hash, start, look, of, keys, changes, end }) {
  await page.goto(`${base}#/${hash}`);
  await page.locator("h1").waitFor();
  await page.waitForTimeout(500);
  await start(page);
  await page.mouse.move(0, 0);
  const lines = [`focus        ${await standing(page)}`];
  let whole = "";
  for (const [i, spelt] of keys.entries()) {
    const key = spelt[language] ?? spelt;
    await press(page, key);
    if (i === 0) {
      await page.locator(look).first().waitFor();
      await page.waitForTimeout(300);
      for (const part of await page.locator(of).all()) whole += `${await part.ariaSnapshot()}\n`;
    }
    lines.push(`${key.padEnd(12)} ${await standing(page)}`);
  }
  await end?.(page);
  const told = `${whole}\n${lines.join("\n")}\n`;
  return changes ? lasting(told) : told;
}

const complaints = [];
mkdirSync(FOLDER, { recursive: true });
let compared = 0;
const languages = (process.env.LANGUAGES ?? "en,zh").split(",");
// Side by side, each with a mock of its own: they mostly wait.
await Promise.all(languages.map(all));

async function all(language) {
  const { browser, close, base } = await stage();
  for (const [name, scene] of Object.entries(SCENES).filter(([name]) => name.startsWith(process.env.LOOK ?? ""))) {
    const page = await watchedPage(browser, `${name} ${language}`, { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" }, complaints, language);
    const file = join(FOLDER, `${name}.${language}.txt`);
    const now = await tell(page, base, language, scene).catch((cause) => `${String(cause)}\n`);
    if (process.env.UPDATE) writeFileSync(file, now);
    else if (!existsSync(file) || readFileSync(file, "utf8") !== now) complaints.push(`${file} says otherwise. It is now:\n${now}`);
    compared += 1;
    await page.close();
  }
  await close();
}
const real = complaints.filter(isComplaint);
console.log(`${compared} scenes: ${real.length} differences or complaints`);
if (real.length > 0 || compared === 0) {
  console.error(real.join("\n"));
  process.exit(1);
}
