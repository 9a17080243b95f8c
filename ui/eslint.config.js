import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import noLiteralText from "./dev/eslint/no-literal-text.js";
import onlyScreensFetch from "./dev/eslint/only-screens-fetch.js";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/lib/api/schema.d.ts"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  { plugins: { calltrail: { rules: { "no-literal-text": noLiteralText, "only-screens-fetch": onlyScreensFetch } } } },
  { files: ["src/**"], rules: { "calltrail/only-screens-fetch": "error" } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    rules: {
      "calltrail/no-literal-text": "error",
      "svelte/no-at-html-tags": "error",
      // URLSearchParams and Set are used as plain values here: a new one is made for each change.
      "svelte/prefer-svelte-reactivity": "off",
      // The router of this page is its own hash; there is no SvelteKit to resolve links.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  {
    // Screens use our parts: how a menu looks and behaves is decided once.
    files: ["src/**/*"],
    ignores: ["src/lib/parts/*"],
    rules: { "no-restricted-imports": ["error", { paths: [{ name: "bits-ui", message: "Use the parts in src/lib/parts." }] }] },
  },
  { rules: { "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error" } },
);
