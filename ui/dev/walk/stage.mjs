// How a chapter of the walk is written: `walk(name, steps)` with what `steps` needs. What is said on screen is taken from the texts
// of the language that is walked in; everything else is found by test id, role or data.
import { runnerImport } from "vite";

/** What may stand for an argument of a sentence where it does not matter. */
export const ANY = "\u0001";

export const id = (name) => `[data-testid=${name}]`;

/** A pattern for a sentence, in which each `ANY` is whatever stands there; elements between its words may leave out the spaces. */
export function like(sentence) {
  const quoted = sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(quoted.replace(/\s+/g, "\\s*").replaceAll(ANY, ".+?"), "s");
}

/** The texts as a window in this language has them: they ask for the language where a window keeps it. */
export async function textsIn(language) {
  globalThis.localStorage = { getItem: () => language };
  const { module } = await runnerImport("./src/text.setup.ts", { configFile: false, logLevel: "error" });
  return module.text;
}

export const walks = [];

/**
 * A chapter: `steps(page, base, text)` against a mock of its own. `mock` is the environment the mock starts in (`{ MOCK: "damaged" }`),
 * `meant` what the browser reports of requests that are broken or refused on purpose.
 */
export function walk(name, steps, { mock = {}, meant } = {}) {
  walks.push({ name, steps, mock, meant });
}

/** Waits until an element has exactly this text. */
export const shows = (page, selector, words) => page.waitForFunction(([at, wanted]) => document.querySelector(at)?.textContent === wanted, [selector, words]);

/** The same for a sentence, in which each `ANY` is whatever stands there. */
export const reads = (page, selector, sentence) =>
  page.waitForFunction(
    ([at, wanted]) => new RegExp(`^(?:${wanted})$`, "s").test(document.querySelector(at)?.textContent ?? ""),
    [selector, like(sentence).source],
  );

/** Where it is said what the last change did. */
export const TOLD = `${id("undo-message")} .words`;

/** The key of the chosen row. */
export const chosen = (page) => page.locator("[data-marked]").getAttribute("data-call-id");

/** While `steps` go on, whatever is written at this address is refused, because the disk is full; it is waited for until that is told. */
export async function withoutRoom(page, text, address, steps) {
  const full = { code: "unavailable", message: "", problem: { code: "not_saved", cause: "disk_full" } };
  await page.route(address, (request) => request.fulfill({ status: 503, json: full }));
  await steps();
  await page.getByText(text.known.causes.disk_full).first().waitFor();
  await page.unroute(address);
}
