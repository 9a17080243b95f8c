// The record read back from outside of the browser: through the API, and with the command that exports.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { ENVIRONMENT } from "../program.mjs";

const run = promisify(execFile);
/** A file of hundreds of lines. */
const MOST_BYTES = 16 * 1024 * 1024;

export class Record {
  constructor(program, calltrail) {
    this.program = program;
    this.calltrail = calltrail;
  }

  /** What the API answers. */
  async api(path) {
    const { status, body } = await this.calltrail.get(path);
    assert.equal(status, 200, `${path}: ${body}`);
    return JSON.parse(body);
  }

  /** How many rows a list has with this filter. */
  async total(list, filter) {
    return (await this.api(`/api/${list}?${new URLSearchParams({ ...filter, total: "true", limit: "1" })}`)).total;
  }

  /** The lines that an export writes below its heads. None of these columns may hold a line break. */
  async exported(kind, columns, ...filter) {
    const args = ["export", kind, "--data-dir", this.calltrail.folder, "--tz", "utc", "--columns", columns, ...filter];
    const { stdout } = await run(this.program, args, { env: ENVIRONMENT, maxBuffer: MOST_BYTES });
    return stdout.trimEnd().split(/\r?\n/).slice(1);
  }

  /** The figures of the cases once they follow from every call: that is a moment after the calls are listed. */
  async #figures() {
    for (let i = 0; i < 200; i += 1) {
      const figures = await this.api("/api/cases/figures");
      if (figures.stale === 0) return figures;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail("the cases never follow from the calls");
  }

  /** The cases in numbers, by their state. */
  async cases() {
    const { open, put_off, done, closed_itself } = await this.#figures();
    const found = {};
    for (const state of await this.exported("cases", "state")) found[state] = (found[state] ?? 0) + 1;
    const figures = Object.fromEntries(Object.entries({ open, put_off, done, closed_itself }).filter(([, n]) => n > 0));
    assert.deepEqual(found, figures, "the export and the API tell of the same cases");
    return figures;
  }
}
