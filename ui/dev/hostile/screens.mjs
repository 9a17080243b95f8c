// Every screen that shows what came with a callback.
import { join } from "node:path";

import { kept, shown } from "./payloads.mjs";
import { APP, isId, isLine, isName, isWorked, missId } from "./scenes.mjs";

const id = (name) => `[data-testid=${name}]`;
const seen = (text) => shown(kept(text)).trim();
/** Expects each of these texts in something that fits the selector. */
const all = (selector, ...texts) => texts.filter((text) => seen(text) !== "").map((text) => ({ selector, text: seen(text) }));
const hash = (screen, params) => `#/${screen}?${new URLSearchParams(params)}`;
const isKept = ({ text }) => isId(text);

/**
 * Each detail shows three texts that follow one another, so every third one shows each of them; which third, is another one
 * for each screen. `HOSTILE_ALL=1` shows them all.
 */
const share = (texts, which) =>
  [...texts.entries()].filter(([i, one]) => isKept(one) && (process.env.HOSTILE_ALL !== undefined || texts.length < 30 || i % 3 === which));

/** Texts as the id of a call, and as the filters that find it. */
async function calls(watched, texts) {
  const page = await watched.page();
  for (const [i, one] of share(texts, 0)) {
    const others = [1, 2].map((n) => texts[(i + n) % texts.length]).filter(isKept);
    const isThere = await watched.visit(page, hash("calls", { user: one.text, open: `${APP}:${one.text}` }), [
      ...all(`${id("call-detail")} dd bdi`, one.text),
      ...all(`${id("call-detail")} ${id("member-row")} a bdi`, one.text, ...others.map(({ text }) => text)),
      ...all(`${id("call-detail")} ${id("step-row")} bdi`, ...others.map(({ text }) => text)),
      ...(isName(one.text) ? all(`${id("tags")} bdi`, one.text) : []),
      ...(isLine(one.text) ? all(`${id("call-notes")} .words bdi`, one.text) : []),
    ]);
    if (i % 9 !== 0 || !isThere) continue;
    await page.locator(`${id("call-detail")} li button[aria-expanded=false]`).evaluateAll((buttons) => buttons.forEach((button) => button.click()));
    await page
      .locator(`${id("call-detail")} pre`)
      .first()
      .waitFor();
    await watched.look(page, `the bodies of a call of ${JSON.stringify(one.text.slice(0, 60))}`);
  }
  await page.close();
}

/** A filter of more characters is refused by the API; no room of Tencent's has such an id. The panel says why the stays are not there. */
const MOST_FILTER = 1024;
const TOO_LONG = { selector: "aside [role=alert] span", text: "The filter must not be longer than 1,024 characters." };

async function rooms(watched, texts) {
  const page = await watched.page();
  for (const [i, one] of share(texts, 1)) {
    const others = [1, 2].map((n) => texts[(i + n) % texts.length]).filter(isKept);
    await watched.visit(page, hash("rooms", { room: one.text, open: `${APP}:live::${one.text}` }), [
      ...all(`${id("room-detail")} .title bdi`, one.text),
      ...([...one.text].length > MOST_FILTER ? [TOO_LONG] : all(`${id("stay-row")} bdi`, one.text, ...others.map(({ text }) => text))),
      ...all(`${id("room-admins")} bdi`, one.text),
      ...all(`${id("room-seats")} dd bdi`, one.text),
      // One key that is none, and the whole list stays as it was sent.
      ...(isId(texts[(i + 1) % texts.length].text) ? [...all(`${id("room-metadata")} dt`, one.text), ...all(`${id("room-metadata")} dd bdi`, one.text)] : []),
    ]);
  }
  await page.close();
}

/** Texts as somebody's id, name, team and everything else that is known of them. */
async function people(watched, texts) {
  const page = await watched.page();
  for (const [i, { text }] of share(texts, 2)) {
    await watched.visit(page, hash("people", { q: text, open: text }), [
      ...all(`${id("person-detail")} .title bdi`, text),
      ...all(`${id("person-ids")} li bdi`, text),
      ...(isName(text) ? ["name", "phone", "email"].flatMap((field) => all(`${id(`person-${field}`)} bdi`, text)) : []),
      ...(isLine(text) ? [...all(`${id("person-comment")} bdi`, text), ...all(`${id("person-notes")} .words bdi`, text)] : []),
    ]);
    // What the page has beside these is what the overview and the lists have.
    if (i % 9 === 2) await watched.visit(page, hash("person", { period: "any", open: text }), all(`${id("person-screen")} .title bdi`, text));
  }
  await page.close();
}

/** Texts as somebody whose call was missed, and in what was said of that. */
async function cases(watched, texts) {
  const page = await watched.page();
  for (const [i, { text }] of share(texts, 1)) {
    const worked = isName(text) && isWorked(i);
    await watched.visit(page, hash("followup", { ...(worked && { tab: "done" }), person: text, open: `${APP}:${missId(i)}` }), [
      ...all(`${id("case-detail")} .title bdi`, text),
      ...all(`${id("case-miss")} bdi`, text),
      ...(worked && isLine(text) ? [...all(`${id("case-why")} bdi`, text), ...all(`${id("case-notes")} .words bdi`, text)] : []),
    ]);
  }
  await page.close();
}

/** So many rows the window asks for at once. */
const PAGE = 100;

/** Inside the page: true when the list has rows, and all that are seen were read. */
function areRead() {
  const rows = [...document.querySelectorAll("[role=grid] [role=row][data-row]")];
  const grid = rows[0]?.closest("[role=grid]").getBoundingClientRect();
  return (
    rows.length > 0 &&
    !rows.some((row) => row.ariaBusy === "true" && row.getBoundingClientRect().top < grid.bottom && row.getBoundingClientRect().bottom > grid.top)
  );
}

/** A list from its top to its end. */
async function scroll(watched, page, screen) {
  await page.evaluate((to) => (window.location.hash = to), `#/${screen}`);
  let top = -1;
  for (let i = 0; i < 400; i += 1) {
    await page.waitForFunction(areRead);
    await watched.look(page, `the list of ${screen} from ${top} on`);
    const now = await page.locator("[role=grid]").evaluate(async (grid) => {
      grid.scrollTop += grid.clientHeight - 80;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
      return grid.scrollTop;
    });
    if (now === top) return;
    top = now;
  }
}

/** Holds back what the page asks of the API, where `isHeld`; the answered function lets it go. */
async function hold(page, isHeld) {
  let letGo;
  const until = new Promise((resolve) => (letGo = resolve));
  const isOfApi = (url) => url.pathname.startsWith("/api/") && isHeld(url);
  const wait = (route) => until.then(() => route.continue()).catch(() => undefined); // It was given up meanwhile.
  await page.route(isOfApi, wait);
  return async () => {
    letGo();
    await page.unroute(isOfApi, wait);
  };
}

/** What is on the screen while answers are waited for. Whether that is seen elsewhere is up to the machine, so here it is made to be seen. */
async function waiting(watched, texts) {
  const page = await watched.page();
  const text = texts.find(isKept)?.text ?? "";
  for (const [screen, open] of [
    ["calls", `${APP}:${text}`],
    ["rooms", `${APP}:live::${text}`],
    ["followup", `${APP}:${missId(0)}`],
    ["deliveries", "0".repeat(64)],
  ]) {
    const letGo = await hold(page, () => true);
    await page.evaluate((to) => (window.location.hash = to), hash(screen, { q: text, open }));
    await settled(page);
    await watched.look(page, `${screen}, and nothing was answered`);
    await letGo();
    await settled(page);
    await watched.look(page, `${screen}, and all was answered`);
  }
  // A list of one page has no rows that were not read: a group of few texts, looked at alone, makes such a one.
  const { total } = JSON.parse((await watched.calltrail.get("/api/deliveries?limit=1")).body);
  if (total > 1.25 * PAGE) await unread(watched, page);
  await page.close();
}

/** The end of a list is seen before its rows are there. */
async function unread(watched, page) {
  const letGo = await hold(page, (url) => Number(url.searchParams.get("at") ?? 0) > 0);
  await page.evaluate((to) => (window.location.hash = to), "#/deliveries");
  await page.waitForFunction(areRead);
  await page.locator("[role=grid]").evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
  await page.locator("[role=grid] [role=row][aria-busy=true]").first().waitFor();
  await watched.look(page, "deliveries that were not read");
  await letGo();
  await page.waitForFunction(areRead);
  await watched.look(page, "deliveries that were read late");
}

const RAW = "body-raw";

async function deliveries(watched, texts) {
  const page = await watched.page();
  const rows = [];
  for (let cursor = ""; rows.length < 20_000;) {
    const answer = JSON.parse((await watched.calltrail.get(`/api/deliveries?limit=1000${cursor}`)).body);
    rows.push(...answer.rows);
    if (answer.next === null || answer.next === undefined) break;
    cursor = `&cursor=${encodeURIComponent(answer.next)}`;
  }
  // Of each kind of delivery an equal share; together about as many as of calls.
  const kinds = group(rows, (row) => `${row.verdict} ${row.family}`);
  const most = Math.ceil(share(texts, 2).length / kinds.size);
  for (const of of kinds.values()) {
    const step = Math.max(1, Math.floor(of.length / most));
    for (let i = 0; i < of.length; i += step) {
      const row = of[i];
      await watched.visit(
        page,
        hash("deliveries", { q: row.call_id.slice(0, 200), open: row.digest }),
        all(`${id("delivery-detail")} dd bdi`, row.digest, row.call_id, row.room_id, row.app),
      );
      if (i % 3 !== 0 || (await page.locator(id(RAW)).count()) === 0) continue;
      await page.click(id(RAW));
      await watched.look(page, `the body of ${row.digest} as received`);
    }
  }
  await page.close();
}

function group(rows, key) {
  const out = new Map();
  for (const row of rows) out.set(key(row), [...(out.get(key(row)) ?? []), row]);
  return out;
}

/** Filters, searches and addresses that hold the text itself, also where nothing is found and where the API refuses. */
async function filters(watched, texts) {
  const page = await watched.page();
  const names = [
    "q",
    "user",
    "room",
    "app",
    "result",
    "media",
    "type",
    "product",
    "family",
    "verdict",
    "period",
    "from",
    "to",
    "person",
    "team",
    "tag",
    "note",
    "assignee",
    "tab",
  ];
  for (const [i, { text }] of share(texts, 2)) {
    const name = names[i % names.length];
    const screen = ["calls", "rooms", "deliveries", "people", "followup"][((i / 3) % 5) | 0];
    await watched.visit(page, hash(screen, { [name]: text }));
    if (i % 2 === 0)
      await watched.visit(
        page,
        i % 4 === 0 ? hash(screen, { room: text, open: text }) : `#/${encodeURIComponent(kept(text))}?${encodeURIComponent(kept(text))}`,
      );
    if (i % 16 === 0) {
      for (const menu of await page.locator("[role=search] button[aria-haspopup], [role=search] button[aria-expanded]").all()) {
        await menu.click();
        await settled(page);
        await watched.look(page, `a menu of ${name}`);
        await page.keyboard.press("Escape");
      }
    }
  }
  await page.close();
}

/** Waits until a screen has everything: nothing came or went for a while. */
async function settled(page) {
  let [count, quiet] = [-1, 0];
  for (let i = 0; i < 60 && quiet < 6; i += 1) {
    await page.waitForTimeout(100);
    const now = await page.evaluate(() => document.querySelectorAll("*").length);
    quiet = now === count ? quiet + 1 : 0;
    count = now;
  }
}

/** What is shown of a callback beside the lists: requests that were refused, what was added, the connection, the settings. */
async function rest(watched, texts) {
  const page = await watched.page();
  for (const screen of ["calls", "followup", "followup?tab=done", "rooms", "people", "deliveries"]) await scroll(watched, page, screen);
  await page.locator(`${id("refusals")} summary`).click();
  await watched.look(page, "refused requests");
  for (const screen of ["overview", "completeness", "settings", "start", "damage", "review", "ways", "callbacks"]) {
    await watched.visit(page, `#/${screen}`);
    await settled(page);
    await watched.look(page, screen);
  }
  for (const { text } of texts.filter((_, i) => i % 12 === 0)) await watched.visit(page, hash("callbacks", { app: text, open: text }));
  await page.close();
}

async function photographs(watched, texts, folder) {
  const at = (part) => texts.find(({ text, group }) => group === part || text === part)?.text ?? "";
  for (const colorScheme of ["light", "dark"]) {
    const page = await watched.page({ colorScheme });
    for (const name of [
      "control",
      "bidi and right to left",
      "combining",
      "long",
      "emoji and other scripts",
      "markup",
      "invisible and alike",
      "\u05d3\u05e0\u05d9 -> alice",
      "(\u05d0)",
    ]) {
      const text = at(name);
      for (const [screen, open] of [
        ["calls", `${APP}:${text}`],
        ["rooms", `${APP}:live::${text}`],
        ["people", text],
      ]) {
        await watched.visit(page, hash(screen, { open }), all("aside bdi", text));
        await page.screenshot({ path: join(folder, `${screen}-${name.replaceAll(/[^a-z]/g, "-")}-${colorScheme}.png`), caret: "initial" });
      }
    }
    await page.close();
  }
}

/** Walks through everything; each screen in a page of its own. */
export async function walk(watched, texts, folder) {
  // All of them come to their end before the program is closed, also where one fails.
  const ends = await Promise.allSettled([waiting, calls, rooms, people, cases, deliveries, filters, rest].map((screens) => screens(watched, texts)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  if (folder !== undefined) await photographs(watched, texts, folder);
}
