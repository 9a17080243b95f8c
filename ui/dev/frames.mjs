// Scrolls a list of a million calls from the newest to the oldest and back, and records a trace: how long the main thread was
// kept from the next frame. Usage: npm run frames [-- trace.json]
// What is judged is the time that a task used the processor, because a busy machine makes every task last longer: a bound on
// clock time would fail for what others do. Clock time is printed beside it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";

import { chromium } from "playwright-core";

import { served } from "./served.mjs";

const MOST_MS = 50;
const ROWS = 1_000_000;
/** How far from the ends of the scrollbar the middle of its thumb can be: an arrow, and half of the smallest thumb. */
const END = 17;

process.env.MOCK = "million";
const server = await served();
// The thumb is dragged as a person does it, so the scrollbar must be there.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
  ignoreDefaultArgs: ["--hide-scrollbars"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(`${server.resolvedUrls?.local[0]}#/calls`);
const grid = page.locator("[role=grid]");
await page.waitForFunction((rows) => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === String(rows), ROWS + 1);
const box = await grid.boundingBox();
assert.ok(box, "the list is on screen");

/** The numbers of the first and last row that can be seen, and how many elements rows have. */
const seen = () =>
  grid.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const rows = [...element.querySelectorAll("[data-row]")];
    const inside = rows.filter((row) => row.getBoundingClientRect().bottom > top + 64 && row.getBoundingClientRect().top < bottom);
    return { first: Number(inside[0]?.dataset.row), last: Number(inside.at(-1)?.dataset.row), elements: rows.length };
  });
const frame = () => page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));

async function wheel(steps, by) {
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let i = 0; i < steps; i += 1) {
    await page.mouse.wheel(0, by);
    await frame();
  }
}

/** Drags the thumb to a share of the scrollbar, a little at a time. */
async function drag(share) {
  const { scroll, room } = await grid.evaluate((element) => ({ scroll: element.scrollTop, room: element.scrollHeight - element.clientHeight }));
  const at = (part) => box.y + END + part * (box.height - 2 * END);
  const [x, from] = [box.x + box.width - 5, scroll / room];
  await page.mouse.move(x, at(from));
  await page.mouse.down();
  for (let i = 1; i <= 25; i += 1) {
    await page.mouse.move(x, at(from + ((share - from) * i) / 25));
    await frame();
  }
  await page.mouse.up();
}

await page.evaluate(() => {
  window.frames = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });

let most = 0;
const places = [];
async function look() {
  const now = await seen();
  most = Math.max(most, now.elements);
  places.push(now);
}
/** From one end to the other: steps of the wheel, and the thumb a tenth further each time. */
async function across(direction) {
  for (let tenth = 0; tenth < 10; tenth += 1) {
    await wheel(12, direction * 300);
    await look();
    await drag(direction > 0 ? (tenth + 1) / 10 : 1 - (tenth + 1) / 10);
    await look();
  }
  await wheel(25, direction * 2_000);
}

await across(1);
await grid.focus();
await page.keyboard.press("End");
await page.waitForTimeout(300);
const end = await seen();
await across(-1);
await page.keyboard.press("Home");
await page.waitForTimeout(300);
const begin = await seen();
for (let i = 0; i < 30; i += 1) await page.keyboard.press("PageDown");
await look();

const trace = await browser.stopTracing();
if (process.argv[2]) writeFileSync(process.argv[2], trace);
const clock = await page.evaluate(() => window.frames);
await browser.close();
await server.close();

assert.equal(end.last, ROWS - 1, "the oldest row was reached");
assert.equal(begin.first, 0, "and the newest again");
const firsts = places.map((one) => one.first);
assert.ok(
  firsts.some((row) => row > 0.4 * ROWS && row < 0.6 * ROWS),
  `the thumb shows what is in the middle: ${firsts}`,
);
assert.ok(most < 80, `only what is seen is in the document, not ${most} rows`);

/** The tasks of the page's main thread: how long each lasted, and how long it used the processor, in milliseconds. */
function tasks(events) {
  const named = events.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const runs = (thread) => events.filter((event) => event.ph === "X" && event.name === "RunTask" && event.pid === thread.pid && event.tid === thread.tid);
  const all = named.map(runs).sort((a, b) => b.length - a.length)[0] ?? [];
  // The two clocks are read one after the other; no task used the processor for longer than it lasted.
  return { wall: all.map((event) => event.dur / 1000), own: all.flatMap(({ dur, tdur }) => (tdur === undefined ? [] : [Math.min(dur, tdur) / 1000])) };
}

function row(name, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(34)}${String(sorted.length).padStart(7)}${at(0.5)}${at(0.9)}${at(0.99)}${at(0.999)}${at(1)}${String(sorted.filter((ms) => ms > MOST_MS).length).padStart(9)}`,
  );
  return sorted.at(-1) ?? 0;
}

const { wall, own } = tasks(JSON.parse(trace.toString()).traceEvents);
assert.ok(own.length > 500, `the trace holds the main thread's tasks with their processor time, not ${own.length}`);
console.log(`${"milliseconds".padEnd(34)}  count    p50    p90    p99  p99.9    max  over ${MOST_MS}`);
const longest = row("main thread tasks, processor time", own);
row("main thread tasks, clock time", wall);
row("between frames, clock time", clock);
console.log(`rows in the document: at most ${most}; rows seen: ${Math.min(...firsts) + 1} to ${end.last + 1}`);
if (longest > MOST_MS) {
  console.error(`A task used the processor for ${longest.toFixed(1)} ms: a frame was kept waiting.`);
  process.exit(1);
}
