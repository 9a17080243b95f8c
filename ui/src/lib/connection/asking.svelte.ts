import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { App } from "./contract";
import { text } from "../text";

/** Asks Tencent anew what it has stored for every app and product that can be asked. */
export class Asking {
  busy = $state(false);
  /** What came of it, in sentences. */
  told = $state.raw<string[]>([]);
  failed = $state(false);

  async ask(apps: readonly App[]): Promise<void> {
    this.busy = true;
    this.told = [];
    this.failed = false;
    try {
      const known = (await api.subscriptions()).apps.filter(({ app }) => apps.some(({ id, secret_key }) => id === app && secret_key === "set"));
      if (known.length === 0) return this.#end([apps.length === 0 ? text.connection.noApps : text.connection.noKey], true);
      const answers = await Promise.all(known.flatMap(({ app, products }) => products.map(({ product }) => this.#read(app, product))));
      const wrong = answers.filter((answer) => answer !== "");
      const well = answers.length - wrong.length;
      this.#end([...(well > 0 ? [text.connection.readDone(well)] : []), ...new Set(wrong)], wrong.length > 0);
    } catch (cause) {
      this.#end([Problem.from(cause).message], true);
    }
  }

  /** Nothing, or why it could not be read. */
  async #read(app: string, product: string): Promise<string> {
    try {
      const { error } = await api.readProduct(app, product);
      return error === null ? "" : text.connection.readFailed(app, `${error.what} ${error.do}`.trim());
    } catch (cause) {
      return text.connection.readFailed(app, Problem.from(cause).message);
    }
  }

  #end(told: string[], failed: boolean): void {
    this.told = told;
    this.failed = failed;
    this.busy = false;
  }
}
