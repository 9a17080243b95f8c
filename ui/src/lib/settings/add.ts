import { Problem } from "../api/problem";
import { text } from "../text";
import type { AppDeeds } from "./deeds";
import { typedSecrets } from "./secrets";

/** An SDKAppID that was typed or pasted, without marks that nobody sees, and with wide digits as digits. */
export function typedId(id: string): string {
  const seen = id.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "").trim();
  return seen.replace(/[０-９]/gu, (digit) => String(digit.charCodeAt(0) - "０".charCodeAt(0)));
}

/** Adds an app, with its SDKSecretKey where one was typed; the answer says how many deliveries left quarantine for the record. */
export async function addApp(deeds: Pick<AppDeeds, "addApp" | "saveSecrets">, id: string, label: string, secret: string): Promise<number> {
  // An app that is there already keeps its name when none is typed.
  const { released } = await deeds.addApp(id, label === "" ? {} : { label });
  const secrets = typedSecrets({ secret_key: secret });
  if (secrets.secret_key === undefined) return released;
  try {
    await deeds.saveSecrets(id, secrets);
  } catch (cause) {
    throw new Error(text.settings.appWithoutKey(Problem.from(cause).message), { cause });
  }
  return released;
}
