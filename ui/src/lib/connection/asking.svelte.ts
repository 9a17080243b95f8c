import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { App, Product } from "../api/types";
import { visible } from "../format/visible";
import { text, word } from "../text";

/** Asks Tencent anew what it has stored for every app and product that can be asked. */
export class Asking {
  busy = $state(false);
  /** What was answered, in a sentence. */
  told = $state("");
  /** What was not, and why. */
  wrong = $state.raw<string[]>([]);

  async ask(apps: readonly App[]): Promise<void> {
    this.busy = true;
    this.told = "";
    this.wrong = [];
    try {
      const known = (await api.callbacks()).apps.filter(({ app }) => apps.some(({ id, secret_key }) => id === app && secret_key === "set"));
      if (known.length === 0) return this.#end("", [apps.length === 0 ? text.connection.noApps : text.connection.noKey]);
      const labels = new Map(apps.map(({ id, label }) => [id, label]));
      const answers = await Promise.all(known.flatMap(({ app, products }) => products.map(({ product }) => this.#read(app, product, labels.get(app) || app))));
      const wrong = answers.filter((answer) => answer !== "");
      const well = answers.length - wrong.length;
      this.#end(well > 0 ? text.connection.readDone(well) : "", [...new Set(wrong)]);
    } catch (cause) {
      this.#end("", [Problem.from(cause).message]);
    }
  }

  /** Nothing, or why it could not be read. */
  async #read(app: string, product: Product, label: string): Promise<string> {
    const what = `${visible(label)}, ${word(text.families, product)}`;
    try {
      const { error } = await api.readCallbacks(app, product);
      return error === null ? "" : text.connection.readFailed(what, `${error.what} ${error.advice}`.trim());
    } catch (cause) {
      return text.connection.readFailed(what, Problem.from(cause).message);
    }
  }

  #end(told: string, wrong: string[]): void {
    this.told = told;
    this.wrong = wrong;
    this.busy = false;
  }
}
