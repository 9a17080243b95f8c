// Shows that each eye sees: things that must never happen are done on purpose, and each must be found.
import { POLICY, Watched } from "./browser.mjs";
import { shown } from "./payloads.mjs";

const FOUND_MS = 10_000;

/** What is done to a good page, and a part of the fault that must be found. */
const MISCHIEF = [
  ["a script that runs", "a script ran: 1", () => window.__xss(1)],
  ["an element that does not belong here", "<iframe> is on no harmless screen", () => document.body.append(document.createElement("iframe"))],
  [
    "an attribute that does not belong here",
    "<h1 contenteditable> is on no harmless screen",
    () => document.querySelector("h1").setAttribute("contenteditable", ""),
  ],
  ["a handler", "a handler onclick", () => document.querySelector("h1").setAttribute("onclick", "__xss(2)")],
  ["a link with a script", 'href="javascript:__xss(3)"', () => document.querySelector("a").setAttribute("href", "javascript:__xss(3)")],
  ["a link to elsewhere", 'href="//hostile.example/"', () => document.querySelector("a").setAttribute("href", "//hostile.example/")],
  [
    "a dress",
    'style="position: fixed; inset: 0px; background: red;"',
    () => (document.querySelector("h1").style.cssText = "position: fixed; inset: 0; background: red"),
  ],
  ["a bidi control", 'something unseen in "\u202E', () => document.querySelector("h1").append("\u202Egnp.exe")],
  ["a NUL in a tool tip", 'something unseen in "a', () => document.querySelector("h1").setAttribute("title", "a\u0000b")],
  ["a pile of marks", "a pile of marks", () => document.querySelector("h1").append(`Z${"\u0301".repeat(9)}`)],
  ["two names from right to left in one line", "is not kept apart at <h1", () => document.querySelector("h1").append("\u05D0, \u05D1")],
  ["the same in a tool tip", "in a tool tip", () => document.querySelector("h1").setAttribute("title", "\u05D0, \u05D1")],
  ["a wide page", "hangs out of", () => document.querySelector("main").append("W".repeat(5000))],
  ["a row of another height", "a row is 68 high", () => (document.querySelector("[role=row][data-row]").style.height = "68px")],
  ["another title", "the title is", () => (document.title = "Hostile")],
  ["a request to elsewhere", "the policy was broken: connect-src", () => fetch("https://hostile.example/").catch(() => undefined)],
  [
    "an inline script",
    "the policy was broken: script-src-elem",
    () => document.head.append(Object.assign(document.createElement("script"), { text: "__xss(4)" })),
  ],
  [
    "a picture from elsewhere",
    "a request to https://hostile.example/x.png",
    () => (document.querySelector("h1").innerHTML = "<img src=https://hostile.example/x.png>"),
  ],
  ["a dialog", "a dialog: hostile", () => setTimeout(() => alert("hostile"))],
  ["a text that is missing", "should stand in", () => document.querySelectorAll("main bdi").forEach((one) => one.remove())],
];

/** One after the other on one page; each must be found, and not have been there before. */
async function areSeen(watched, text) {
  const page = await watched.page();
  const wanted = [{ selector: "main bdi", text }];
  await watched.visit(page, "#/calls", wanted);
  if (watched.faults.size > 0) throw new Error(`The self-check begins with a page that has faults: ${[...watched.faults.keys()].join("; ")}`);
  for (const [name, fault, mischief] of MISCHIEF) {
    const isFound = () => [...watched.faults.keys()].some((what) => what.includes(fault));
    if (isFound()) throw new Error(`The self-check: ${name} was found before it was done`);
    await page.evaluate(mischief);
    const until = Date.now() + FOUND_MS;
    while (!isFound() && Date.now() < until)
      watched.take("the self-check", await page.evaluate(([texts]) => window.__visit(window.location.hash, texts, 100), [wanted]));
    if (!isFound()) throw new Error(`The self-check: ${name} was not found; found was ${JSON.stringify([...watched.faults.keys()])}`);
  }
  await page.close();
}

/** Without the policy and put in as markup, the texts do run: they are real ones. */
async function areLive(watched, texts) {
  const page = await watched.browser.newPage({ bypassCSP: true });
  await page.goto(watched.calltrail.web);
  await page.waitForSelector("h1");
  const ran = await page.evaluate(
    async (all) => {
      const seen = new Set();
      window.__xss = (which) => seen.add(which);
      for (const markup of all) {
        const box = document.createElement("div");
        box.innerHTML = markup;
        document.body.append(box);
        await new Promise((resolve) => setTimeout(resolve, 10));
        box.remove();
      }
      return seen.size;
    },
    texts.filter(({ text }) => /<(img|svg|video|audio|details|input)[^>]*\bon\w+=/i.test(text) && !/refresh|<base/.test(text)).map(({ text }) => text),
  );
  await page.close();
  if (ran < 8) throw new Error(`The self-check: only ${ran} of the texts run when they are put in as markup`);
}

/** Fails where an eye is blind. */
export async function seesEverything(browser, calltrail, names, texts, hostile) {
  // A text that is shown at the top of the list.
  const text = shown(texts[0].text);
  await areSeen(new Watched(browser, calltrail, texts, names), text);
  if (POLICY.includes("unsafe")) throw new Error("The self-check: the policy allows what is unsafe");
  await areLive(new Watched(browser, calltrail, texts, names), hostile);
  return MISCHIEF.length;
}
