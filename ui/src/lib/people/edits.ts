/** What is written when somebody changes a person: a person may have several ids, and each of them says something. */
import type { Contact, Edit, PersonDetail, PersonRow } from "../api/types";

export const WORDS = ["name", "team", "phone", "email", "comment"] as const;
export type Field = (typeof WORDS)[number];

const of = (user: string, field: string, value: Edit["value"]): Edit => ({ subject: ["user", user], field, value });

/** Another value of a field. It is written for the id that stands for the person; nothing takes it away from all of them. */
export function fieldEdits({ person, contacts }: Pick<PersonDetail, "person" | "contacts">, field: Field, value: string): Edit[] {
  if (value !== "") return [of(person.user, field, value)];
  return contacts.filter((contact) => contact[field] !== "").map(({ user }) => of(user, field, null));
}

/** Whether these people are of ours. Who already is as wanted is left alone. */
export function oursEdits(people: readonly Pick<PersonRow, "user" | "users" | "ours">[], ours: boolean): Edit[] {
  return people
    .filter((person) => person.ours !== ours)
    .flatMap((person) => (ours ? [of(person.user, "ours", true)] : person.users.map((user) => of(user, "ours", null))));
}

/** Makes one person of two: whoever has a name stands for both, so that it is seen. */
export function mergeEdits(one: Pick<PersonRow, "user" | "name">, other: Pick<PersonRow, "user" | "name">): Edit[] {
  const [stays, joins] = one.name === "" && other.name !== "" ? [other, one] : [one, other];
  return [of(joins.user, "same_as", stays.user)];
}

/** Gives an id back to a person of its own. */
export const partEdits = (user: string): Edit[] => [of(user, "same_as", null)];

/** The ids that say of themselves whose they are: those can be taken apart. */
export const canPart = (contacts: readonly Contact[], user: string): boolean => contacts.some((contact) => contact.user === user && contact.same_as !== "");
