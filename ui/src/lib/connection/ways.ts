/** The commands that bring Tencent's callbacks to this computer, made for the address at which Calltrail listens. */

/** Every way in, the simplest first. */
export const WAYS = ["cloudflared", "tailscale", "ngrok", "ssh", "proxy", "forwarding"] as const;
export type Way = (typeof WAYS)[number];

/** Where the listener is, for a program on this computer. */
export interface Target {
  /** `127.0.0.1:8787`, with brackets around an IPv6 address. */
  address: string;
  port: string;
  /** Programs that take a mere port number reach it. */
  plain: boolean;
  /** Other computers reach it: `here` not at all, `network` at every address of this computer, else at this one. */
  reach: "here" | "network" | "address";
}

/** Takes `127.0.0.1:8787` or `[::1]:8787` apart; an address for all interfaces is reached through this computer itself. */
export function target(hookAddress: string): Target {
  const [, bracketed, bare, port = "8787"] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(hookAddress.trim()) ?? [];
  const host = (bracketed ?? bare ?? "127.0.0.1").toLowerCase();
  if (host === "0.0.0.0") return { address: `127.0.0.1:${port}`, port, plain: true, reach: "network" };
  if (host === "::") return { address: `[::1]:${port}`, port, plain: false, reach: "network" };
  const shown = bracketed === undefined ? host : `[${host}]`;
  const here = host === "::1" || host === "localhost" || host.startsWith("127.");
  return { address: `${shown}:${port}`, port, plain: host === "127.0.0.1" || host === "localhost", reach: here ? "here" : "address" };
}

/** Something to copy: what it is (`text.ways.codes`), and the text itself. */
export interface Code {
  id: string;
  code: string;
  /** More than one line: the text of a file. */
  file?: boolean;
}

/** Stands for a name of the reader's own. */
export const DOMAIN = "calls.your-domain.example";
const SERVER = "you@your-server.example";

/** `Caddyfile`: only the callback address leads to Calltrail. */
export function caddyfile(to: string): string {
  return `${DOMAIN} {
	handle /hook/* {
		reverse_proxy ${to}
	}
	handle {
		respond 404
	}
}
`;
}

/** A site of nginx: only the callback address leads to Calltrail, and the log does not hold it, because it is a secret. */
export function nginx(to: string): string {
  return `server {
    listen 443 ssl;
    server_name ${DOMAIN};
    ssl_certificate     /etc/letsencrypt/live/${DOMAIN}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/${DOMAIN}/privkey.pem;

    location /hook/ {
        proxy_pass http://${to};
        proxy_http_version 1.1;
        client_max_body_size 2m;
        access_log off;
    }
    location / {
        return 404;
    }
}
`;
}

/** What to type or to write for each way, in the order of its steps. */
export function codes(way: Way, hookAddress: string): Code[] {
  const { address, port, plain, reach } = target(hookAddress);
  const url = `http://${address}`;
  const short = plain ? port : url;
  switch (way) {
    case "cloudflared":
      return [
        { id: "quick", code: `cloudflared tunnel --url ${url}` },
        { id: "login", code: "cloudflared tunnel login" },
        { id: "create", code: "cloudflared tunnel create calltrail" },
        { id: "route", code: `cloudflared tunnel route dns calltrail ${DOMAIN}` },
        { id: "run", code: `cloudflared tunnel run --url ${url} calltrail` },
      ];
    case "tailscale":
      return [
        { id: "funnel", code: `tailscale funnel --bg ${short}` },
        { id: "status", code: "tailscale funnel status" },
        { id: "reset", code: "tailscale funnel reset" },
      ];
    case "ngrok":
      return [
        { id: "token", code: "ngrok config add-authtoken YOUR_AUTHTOKEN" },
        { id: "http", code: `ngrok http ${short}` },
        { id: "fixed", code: `ngrok http --url=your-name.ngrok-free.dev ${short}` },
      ];
    case "ssh":
      return [
        { id: "ssh", code: `ssh -N -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -R ${port}:${address} ${SERVER}` },
        { id: "caddy", code: caddyfile(`127.0.0.1:${port}`), file: true },
        { id: "nginx", code: nginx(`127.0.0.1:${port}`), file: true },
      ];
    case "proxy":
      return [
        { id: "caddy", code: caddyfile(address), file: true },
        { id: "nginx", code: nginx(address), file: true },
      ];
    case "forwarding":
      return reach === "here" ? [{ id: "listen", code: `calltrail serve --hook 0.0.0.0:${port}` }] : [];
  }
}
