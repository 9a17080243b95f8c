import { describe, expect, it } from "vitest";

import { caddyfile, codes, nginx, target, WAYS } from "./ways";

const said = (way: (typeof WAYS)[number], address: string) => Object.fromEntries(codes(way, address).map(({ id, code }) => [id, code]));

describe("where the listener is", () => {
  it.each([
    ["127.0.0.1:8787", { address: "127.0.0.1:8787", port: "8787", plain: true, reach: "here" }],
    ["127.0.0.2:1", { address: "127.0.0.2:1", port: "1", plain: false, reach: "here" }],
    ["[::1]:9000", { address: "[::1]:9000", port: "9000", plain: false, reach: "here" }],
    ["0.0.0.0:8787", { address: "127.0.0.1:8787", port: "8787", plain: true, reach: "network" }],
    ["[::]:8787", { address: "[::1]:8787", port: "8787", plain: false, reach: "network" }],
    ["192.168.0.5:80", { address: "192.168.0.5:80", port: "80", plain: false, reach: "address" }],
  ])("%s", (given, found) => {
    expect(target(given), "a program on this computer reaches it so").toEqual(found);
  });
  it("falls back to the default where nothing can be read", () => {
    expect(target("").address).toBe("127.0.0.1:8787");
  });
});

describe("the commands", () => {
  it("are exact for the usual address", () => {
    expect(said("cloudflared", "127.0.0.1:8787")).toMatchObject({
      quick: "cloudflared tunnel --url http://127.0.0.1:8787",
      run: "cloudflared tunnel run --url http://127.0.0.1:8787 calltrail",
    });
    expect(said("ngrok", "127.0.0.1:8787")).toMatchObject({ http: "ngrok http 8787", fixed: "ngrok http --url=your-name.ngrok-free.dev 8787" });
    expect(said("tailscale", "127.0.0.1:8787").funnel).toBe("tailscale funnel --bg 8787");
    expect(said("ssh", "127.0.0.1:8787").ssh).toBe(
      "ssh -N -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -R 8787:127.0.0.1:8787 you@your-server.example",
    );
  });
  it("name the whole address where a port is not enough", () => {
    expect(said("ngrok", "192.168.0.5:81").http).toBe("ngrok http http://192.168.0.5:81");
    expect(said("tailscale", "[::1]:81").funnel).toBe("tailscale funnel --bg http://[::1]:81");
    expect(said("ssh", "[::1]:81").ssh).toContain("-R 81:[::1]:81 ");
    expect(said("cloudflared", "0.0.0.0:81").quick, "0.0.0.0 is nowhere to go to").toBe("cloudflared tunnel --url http://127.0.0.1:81");
  });
  it("open the listener to the network only where it is not", () => {
    expect(said("forwarding", "127.0.0.1:81").listen).toBe("calltrail serve --hook 0.0.0.0:81");
    expect(codes("forwarding", "0.0.0.0:81"), "it listens there already").toEqual([]);
    expect(codes("forwarding", "192.168.0.5:81")).toEqual([]);
  });
  it("pass on the callback address only", () => {
    for (const way of ["ssh", "proxy"] as const) {
      const { caddy, nginx: site } = said(way, "127.0.0.1:8787");
      expect(caddy).toContain("handle /hook/* {\n\t\treverse_proxy 127.0.0.1:8787");
      expect(caddy, "everything else ends here").toContain("respond 404");
      expect(site).toMatch(/location \/hook\/ \{\s+proxy_pass http:\/\/127\.0\.0\.1:8787;/);
      expect(site, "everything else ends here").toContain("return 404;");
      expect(site, "the address is a secret and stays out of the log").toContain("access_log off;");
    }
  });
  it("proxy_pass has no path, so that the address arrives as it was sent", () => {
    expect(nginx("[::1]:1")).toContain("proxy_pass http://[::1]:1;");
    expect(caddyfile("[::1]:1"), "handle keeps the path, handle_path would cut it").not.toContain("handle_path");
  });
  it("each has an id of its own within its way", () => {
    for (const way of WAYS) {
      const ids = codes(way, "127.0.0.1:8787").map(({ id }) => id);
      expect(new Set(ids).size, way).toBe(ids.length);
    }
  });
});
