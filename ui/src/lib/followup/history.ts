import type { CaseEntry } from "../api/cases";
import { moment } from "../format/time";
import type { Told } from "../people/history";
import { text } from "../text";

/** What an entry did to a case; nothing for what nobody reads here. `nowMs` is when it is read. */
export function toldOfCase({ field, value }: Pick<CaseEntry, "field" | "value">, nowMs: number): Told | undefined {
  const { did } = text.followUp;
  const told = (sentence: string, said = ""): Told => ({ sentence, value: said, id: "" });
  switch (field) {
    case "case.state":
      return told(value === "done" ? did.done : value === "open" ? did.open : did.undone);
    case "case.assignee": {
      const who = nameIn(value);
      return who === undefined ? told(did.unassigned) : told(did.assigned, who);
    }
    case "case.until":
      return typeof value === "number" ? told(did.putOff, moment(value, nowMs)) : told(did.notPutOff);
    case "case.reason":
      return typeof value === "string" && value !== "" ? told(did.reason, value) : told(did.noReason);
    default:
      return undefined;
  }
}

/** Who somebody is that an entry names, who may have an id alone. */
function nameIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name } = value as { id?: unknown; name?: unknown };
  return [name, id].find((one) => typeof one === "string" && one !== "") as string | undefined;
}
