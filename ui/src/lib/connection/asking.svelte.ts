import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { App, Product } from "../api/types";
import { text, word } from "../text";
import { say } from "../text/said";
import { failures, type Reply } from "./failures";

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
      const replies = await Promise.all(
        known.flatMap(({ app, label, products }) => products.map(({ product }) => this.#read(app, product, label === "" ? app : label))),
      );
      const well = replies.filter(({ why }) => why === "").length;
      this.#end(well > 0 ? text.connection.readDone(well) : "", failures(replies));
    } catch (cause) {
      this.#end("", [Problem.from(cause).message]);
    }
  }

  async #read(app: string, product: Product, name: string): Promise<Reply> {
    const reply = { app: name, product: word(text.families, product) };
    try {
      const { error } = await api.readCallbacks(app, product);
      return { ...reply, why: error === null ? "" : say(text.tencent.problems, error) };
    } catch (cause) {
      return { ...reply, why: Problem.from(cause).message };
    }
  }

  #end(told: string, wrong: string[]): void {
    this.told = told;
    this.wrong = wrong;
    this.busy = false;
  }
}
