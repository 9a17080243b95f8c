// Screens and the stores that they own speak to Calltrail; everything below them takes data and callbacks. So a component can be
// looked at, tested and used again without a server, and it can be read in one place what a screen asks.

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

const CLIENT = /\/api\/client$/;
/** In source text: a value of the client is imported; a type alone is none. */
const USES_CLIENT = /^import (?!type )[^;]*?from "[^"]*\/api\/client";/m;

/** Screens, the frame that all of them have, and the window itself. */
const isScreen = (file) => /Screen\.svelte$/.test(file) || basename(file) === "App.svelte";
const isStore = (file) => file.endsWith(".svelte.ts");

/** The store that an import names, where that speaks to Calltrail itself. */
function fetchingStore(file, source) {
  const path = resolve(dirname(file), `${source}.ts`);
  return isStore(path) && existsSync(path) && USES_CLIENT.test(readFileSync(path, "utf8"));
}

export default {
  meta: {
    type: "problem",
    messages: {
      client: "Only a screen or a store asks Calltrail: take the data and a callback as properties.",
      store: "“{{source}}” asks Calltrail: take it, or its data, as a property; its type alone may be imported.",
      fetch: "Only src/lib/api/client.ts asks Calltrail.",
    },
    schema: [],
  },
  create(context) {
    const { filename } = context;
    if (/\/api\/client\.ts$|\.test\.ts$/.test(filename)) return {};
    return {
      ImportDeclaration(node) {
        const source = node.source.value;
        const onlyTypes = node.importKind === "type" || (node.specifiers.length > 0 && node.specifiers.every((one) => one.importKind === "type"));
        if (onlyTypes || isScreen(filename)) return;
        if (CLIENT.test(source) && !isStore(filename)) context.report({ node, messageId: "client" });
        else if (filename.endsWith(".svelte") && fetchingStore(filename, source)) context.report({ node, messageId: "store", data: { source } });
      },
      "CallExpression[callee.name='fetch'], NewExpression[callee.name=/^(XMLHttpRequest|EventSource|WebSocket)$/]": (node) =>
        context.report({ node, messageId: "fetch" }),
    };
  },
};
