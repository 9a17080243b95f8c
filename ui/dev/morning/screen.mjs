// What is waited for in the window.
import { id, shows as showsAt, TOLD } from "../walk/stage.mjs";

/** Waits until the window says that this was done; where it only `begins` so, the rest is a moment. The isolates around a name are not read. */
export function isTold(page, words, begins = false) {
  const is = ([selector, wanted, start]) => {
    const plain = (one) => one.replace(/[\u2068\u2069]/g, "");
    const said = plain(document.querySelector(selector)?.textContent ?? "");
    return start ? said.startsWith(plain(wanted)) : said === plain(wanted);
  };
  return page.waitForFunction(is, [TOLD, words, begins]);
}

/** Waits until the element with this test id has exactly this text. */
export const shows = (page, name, words) => showsAt(page, id(name), words);

/** Waits until the list says that it has so many rows. */
export const total = (page, words) => shows(page, "list-total", words);

/** Waits until the keyboard is at an element with this test id or role. */
export const focused = (page, name) =>
  page.waitForFunction((wanted) => [document.activeElement?.dataset.testid, document.activeElement?.getAttribute("role")].includes(wanted), name);
