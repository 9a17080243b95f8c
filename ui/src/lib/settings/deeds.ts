import type { api } from "../api/client";

/** What can be done with an app: handed down by the screen. */
export type AppDeeds = Pick<typeof api, "addApp" | "removeApp" | "saveSecrets" | "signing" | "changeSigning">;
