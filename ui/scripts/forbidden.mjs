// Fails when a source file could turn text from a callback into markup or code, or would break the content security policy.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FORBIDDEN = [
  [/\{@html/, "text from callbacks is never markup"],
  [/\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b/, "text from callbacks is never markup"],
  [/document\.write/, "text from callbacks is never markup"],
  [/\beval\s*\(|new Function\b/, "script-src 'self' forbids it"],
  [/<[a-zA-Z][^>]*\sstyle="/, "style-src 'self' forbids style attributes; use a class or a style: directive with a value"],
  [/javascript:/, "script-src 'self' forbids it"],
  [/https?:\/\/(?!127\.0\.0\.1|localhost|app\.localhost|www\.w3\.org)\w/, "the page speaks to its own origin only"],
];

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(svelte|ts|css)$/.test(entry.name) && !/\.test\.ts$|\.d\.ts$/.test(entry.name)) yield path;
  }
}

let faults = 0;
for (const path of [...sources("src"), "index.html"]) {
  readFileSync(path, "utf8")
    .split("\n")
    .forEach((line, index) => {
      for (const [pattern, why] of FORBIDDEN) {
        if (pattern.test(line)) {
          console.error(`${path}:${index + 1}: ${line.trim()}\n  ${why}`);
          faults += 1;
        }
      }
    });
}
if (faults > 0) process.exit(1);
