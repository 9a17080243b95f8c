// A browser that is watched from outside: where it goes, what it asks for, and what it complains of.
import { install } from "./oracle.mjs";
import { kept, shown } from "./payloads.mjs";
import { short } from "./scenes.mjs";

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
/** What has not come after so long is missing; a busy machine takes its time. */
const PATIENCE_MS = 30_000;
/** So many of one kind of fault are printed. */
const MOST_PRINTED = 6;

/** A tool tip is wherever the pointer happens to be, and anything that opens has a beginning. */
const TOOLTIP = / (aria-describedby|data-tooltip-content|data-(starting|ending)-style)$/;

export class Watched {
  /** Each fault with the first view that had it. */
  faults = new Map();
  /** Elements and attributes that were seen. */
  names = new Set();
  visits = 0;

  /** `allowed` are the names of elements and attributes that a harmless record shows; without them, they are only gathered. */
  constructor(browser, calltrail, texts, allowed) {
    this.browser = browser;
    this.calltrail = calltrail;
    this.allowed = allowed;
    this.origin = new URL(calltrail.web).origin;
    // An SDKAppID ends at a question mark: Tencent appends its query to an address that may have one.
    const forms = texts
      .filter(({ text }) => RIGHT_TO_LEFT.test(text))
      .flatMap(({ text }) => [text, short(text), JSON.stringify(text).slice(1, -1), text.split("?")[0]]);
    this.known = forms.map((text) => shown(kept(text)).trim());
  }

  fault(view, what) {
    if (!this.faults.has(what)) this.faults.set(what, view);
  }

  /** A page behind the key, watched. */
  async page(options = {}) {
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(install, this.known);
    // Where each line came from is looked at too.
    await page.addInitScript(() => localStorage.setItem("calltrail.sources", "shown"));
    page.on("request", (request) => request.url().startsWith(`${this.origin}/`) || this.fault(page.url(), `a request to ${request.url().slice(0, 80)}`));
    page.on("dialog", (dialog) => {
      this.fault(page.url(), `a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("popup", (popup) => this.fault(page.url(), `another window: ${popup.url()}`));
    page.on("framenavigated", (frame) => {
      const at = new URL(frame.url());
      if (frame !== page.mainFrame() || at.origin !== this.origin || at.pathname !== "/") this.fault(page.url(), `a frame went to ${frame.url().slice(0, 80)}`);
    });
    page.on("pageerror", (error) => this.fault(page.url(), `the page failed: ${error.message.slice(0, 200)}`));
    page.on("console", (message) => {
      // A question that the API refuses is told by the browser; what the screen says of it is looked at.
      if (["error", "warning"].includes(message.type()) && !/status of 4\d\d/.test(message.text()))
        this.fault(page.url(), `the console: ${message.text().slice(0, 200)}`);
    });
    const answer = await page.goto(this.calltrail.web);
    if (answer?.headers()["content-security-policy"] !== POLICY) this.fault("the first answer", "the policy is not the one that is shipped");
    // A program that was built without its pages shows none of this, and nothing of what follows would ever come.
    await page.locator("main").waitFor();
    return page;
  }

  take(view, { faults, names }) {
    this.visits += 1;
    for (const what of faults) this.fault(view, what);
    for (const name of names) {
      this.names.add(name);
      if (this.allowed !== undefined && !this.allowed.has(name) && !TOOLTIP.test(name)) this.fault(view, `<${name}> is on no harmless screen`);
    }
  }

  /** Shows an address, waits for these texts, and looks through everything; true where it has no fault. */
  async visit(page, hash, expected = []) {
    const found = await page.evaluate(([to, wanted, patience]) => window.__visit(to, wanted, patience), [hash, expected, PATIENCE_MS]);
    this.take(hash, found);
    return found.faults.length === 0;
  }

  /** Looks through what is shown now. */
  async look(page, view) {
    this.take(view, await page.evaluate(() => window.__audit()));
  }

  /** Prints the faults and makes the program fail. */
  report() {
    const kinds = new Map();
    for (const [what, view] of this.faults) {
      const kind = what.split(/[:<"]/, 1)[0];
      kinds.set(kind, [...(kinds.get(kind) ?? []), `${what}\n    seen at ${view.slice(0, 160)}`]);
    }
    for (const all of kinds.values()) {
      for (const one of all.slice(0, Number(process.env.HOSTILE_PRINT ?? MOST_PRINTED))) console.error(one);
      if (all.length > MOST_PRINTED) console.error(`… and ${all.length - MOST_PRINTED} more of this kind`);
      process.exitCode = 1;
    }
  }
}
