import type { EntryRow } from "../api/types";
import { text } from "../text";

/** What an entry did: a sentence with places for who did it and for what was written, and what stands in these. */
export interface Told {
  sentence: string;
  value: string;
  id: string;
}

/** Nothing for what nobody reads here, such as what a note is about. */
export function toldOf({ subject, field, value }: EntryRow): Told | undefined {
  const { did, fields } = text.people;
  const id = subject[0] === "user" ? subject[1] : "";
  const told = (sentence: string, said: EntryRow["value"] = value): Told => ({ sentence, value: typeof said === "string" ? said : "", id });
  if (field === "ours") return told(value === true ? did.ours : did.theirs);
  if (field === "same_as") return told(value === null ? did.parted : did.joined);
  if (field.startsWith("tag:")) return told(value === true ? did.tagged : did.untagged, field.slice("tag:".length));
  if (!Object.hasOwn(fields, field)) return undefined;
  const name = fields[field as keyof typeof fields];
  return told(value === null || value === "" ? did.cleared(name) : did.set(name));
}
