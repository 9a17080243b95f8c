// The real program: `calltrail serve` on free ports with a record of its own, and a client for its two doors.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const START_MS = 20_000;

/** For every command that works on such a record: nothing of the person who tests is read or changed. */
export const ENVIRONMENT = { ...process.env, TZ: "UTC", CALLTRAIL_KEY_STORE: "file" };

/** Starts it with these apps; `folder` holds its record, `close` ends it and removes the folder. */
export async function serve(program, apps) {
  const folder = mkdtempSync(join(tmpdir(), "calltrail-dev-"));
  const child = spawn(
    program,
    ["serve", "--json", "--data-dir", folder, "--hook", "127.0.0.1:0", "--web", "127.0.0.1:0", ...apps.flatMap((app) => ["--app", app])],
    {
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 24 });
  const close = async () => {
    agent.destroy();
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ready = JSON.parse(await firstLine(child, ended));
    return {
      ...ready,
      folder,
      close,
      post: (query, headers, body) => post(agent, ready.hook, query, headers, body),
      get: (path) => get(agent, ready.web, path),
      write: (path, body) => write(agent, ready.web, path, body),
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

function firstLine(child, ended) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`calltrail did not say in ${START_MS} ms that it is ready`)), START_MS);
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    void ended.then((code) => reject(new Error(`calltrail ended with ${code} before it was ready`)));
    child.once("error", reject);
  });
}

/** Posts a callback to the listener; answers the status. */
function post(agent, hook, query, headers, body) {
  const to = new URL(hook);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: to.hostname,
        port: to.port,
        method: "POST",
        path: `${to.pathname}${query === "" ? "" : `?${query}`}`,
        headers: { "Content-Length": body.length, ...headers },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Asks the API to change something; answers the status. */
function write(agent, web, path, body) {
  const to = new URL(web);
  const sent = Buffer.from(JSON.stringify(body), "utf8");
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: to.hostname,
        port: to.port,
        method: body.name === undefined ? "POST" : "PUT",
        path,
        headers: { Authorization: `Bearer ${to.searchParams.get("key")}`, "Content-Type": "application/json", "Content-Length": sent.length },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      },
    );
    request.on("error", reject);
    request.end(sent);
  });
}

/** What the API answers; the key is the one of the web address. */
function get(agent, web, path) {
  const to = new URL(web);
  return new Promise((resolve, reject) => {
    http
      .get({ agent, host: to.hostname, port: to.port, path, headers: { Authorization: `Bearer ${to.searchParams.get("key")}` } }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString("utf8") }));
      })
      .on("error", reject);
  });
}
