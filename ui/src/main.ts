import "./base.css";
import "./lib/theme.svelte";

import { mount } from "svelte";

import { loadText } from "./lib/text";
import { languageTag } from "./lib/text/language";

document.documentElement.lang = languageTag;

const target = document.getElementById("app");
if (target) {
  await loadText();
  // What has words reads them while it is loaded.
  const { default: App } = await import("./App.svelte");
  mount(App, { target });
}
