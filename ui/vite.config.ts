/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { mock } from "./dev/mock.ts";

/** `CALLTRAIL_API=http://127.0.0.1:8788 npm run dev` shows a real record; without it the seeded mock answers. */
const api = process.env.CALLTRAIL_API;

export default defineConfig({
  // Relative URLs: the same files are served from app://localhost/, http://app.localhost/ and http://127.0.0.1:8788/.
  base: "./",
  plugins: [svelte(), ...(api ? [] : [mock()])],
  server: { host: "127.0.0.1", port: 1420, strictPort: true, ...(api ? { proxy: { "/api": api } } : {}) },
  preview: { host: "127.0.0.1", port: 1421, strictPort: true, ...(api ? { proxy: { "/api": api } } : {}) },
  build: {
    target: "safari16",
    cssTarget: "safari16",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: ["src/text.setup.ts"], environment: "node" },
});
