import type { IncomingMessage, ServerResponse } from "node:http";

import type { Plugin } from "vite";

import { answer } from "./answers.ts";

/** The policy that the real router sends; a screen that breaks it must not look right here. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

type Next = () => void;

/** Answers `/api` from seeded data, so that the screens can be looked at without a record. */
export function mock(): Plugin {
  const serve = (request: IncomingMessage, response: ServerResponse, next: Next) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (!url.pathname.startsWith("/api/")) return next();
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      void answer(request.method ?? "GET", url, body).then(({ status, json, text }) => {
        response.statusCode = status;
        response.setHeader("content-type", text === undefined ? "application/json" : "text/csv");
        response.end(text ?? JSON.stringify(json));
      });
    });
  };
  return {
    name: "calltrail-mock",
    configureServer: (server) => void server.middlewares.use(serve),
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader("content-security-policy", POLICY);
        next();
      });
      server.middlewares.use(serve);
    },
  };
}
