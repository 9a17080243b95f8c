import { describe, expect, it } from "vitest";

import { chain, nextStep, verdict } from "./chain";
import type { Connection, Link } from "../api/types";
import { text } from "../text";

const link = (name: Link["link"], state: Link["state"]): Link => ({ link: name, state, proof_ms: 1, says: { code: "callbacks" } });
const of = (...links: Link[]): Connection => ({ links, clock: null, hook_address: "127.0.0.1:8787", callback_url: "" });

describe("the chain", () => {
  it("is in the order of the way, whatever order came", () => {
    const links = chain(of(link("callback", "ok"), link("commands", "off"), link("address", "ok"), link("public", "ok"), link("listener", "ok")));
    expect(links.map((one) => one.link)).toEqual(["listener", "public", "address", "commands", "callback"]);
    expect(
      chain(of(link("listener", "ok"))).map((one) => one.link),
      "played on this computer",
    ).toEqual(["listener", "address", "commands", "callback"]);
  });
  it("shows a link that was not told as not known", () => {
    expect(chain(of(link("listener", "ok")))[3]).toEqual({ link: "callback", state: "unknown", proof_ms: null, says: null });
  });
  it("says what to do next: what is wrong comes before what is not proven", () => {
    const links = (...states: Link["state"][]) =>
      chain(
        of(
          { ...link("listener", states[0] ?? "ok"), says: { code: "nothing_came_in" } },
          { ...link("public", states[1] ?? "ok"), says: { code: "public_elsewhere", status: 502 } },
        ),
      );
    expect(nextStep(links("unknown", "attention"))).toBe(text.connection.next.public_elsewhere);
    expect(nextStep(links("unknown", "ok"))).toBe(text.connection.next.nothing_came_in);
    expect(nextStep([{ ...link("callback", "ok") }])).toBeUndefined();
  });
  it("is as good as its weakest link", () => {
    const all = (state: Link["state"]) => chain(of(link("listener", "ok"), link("address", "ok"), link("commands", "ok"), link("callback", state)));
    expect(verdict(all("ok"), false)).toBe("whole");
    expect(verdict(all("attention"), false)).toBe("attention");
    expect(verdict(all("unknown"), false), "nothing is claimed that was not proven").toBe("unproven");
    expect(verdict(all("off"), false)).toBe("unproven");
    expect(verdict(all("ok"), true), "a wrong clock turns signed callbacks away").toBe("attention");
  });
});
