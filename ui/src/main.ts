import "./base.css";
import "./lib/theme.svelte";

import { mount } from "svelte";

import App from "./App.svelte";
import { languageTag } from "./lib/text/language";

document.documentElement.lang = languageTag;

const target = document.getElementById("app");
if (target) mount(App, { target });
