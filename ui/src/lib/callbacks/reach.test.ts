import { expect, it } from "vitest";

import { isHere } from "./reach";

it("knows a Tencent that is played on this computer", () => {
  for (const here of ["http://127.0.0.1:9000", "http://localhost:9000/", "http://[::1]:1"]) expect(isHere(here), here).toBe(true);
  for (const far of ["", "singapore", "adminapisgp.im.qcloud.com", "http://127.0.0.1.example.com", "http://localhost.example.com:80"])
    expect(isHere(far), far).toBe(false);
});
