/** How people are named: by the name that somebody gave them, with the id within reach, because two may have one name. */
import { isolated } from "../format/visible";
import { writeHash } from "../route.svelte";
import { text } from "../text";

/** Somebody as a list or a detail has them; the name is empty where nobody gave one. */
export interface Party {
  user: string;
  name: string;
}

/** Ids and their names, which an answer has side by side. */
export const partiesOf = (users: readonly string[], names: readonly string[]): Party[] => users.map((user, i) => ({ user, name: names[i] ?? "" }));

/** The same where an answer has the names of everybody in it. */
export const partyIn = (names: Readonly<Record<string, string>>, user: string): Party => ({
  user,
  name: Object.hasOwn(names, user) ? (names[user] ?? "") : "",
});

/** What stands for somebody; not yet ready to be shown. */
export const labelOf = ({ user, name }: Party): string => (name === "" ? user : name);

/** The same inside a sentence. */
export const shortName = (party: Party): string => isolated(labelOf(party));

/** `Alice Novak (alice)`, for a tool tip or a list of choices. */
export const wholeName = ({ user, name }: Party): string => (name === "" ? isolated(user) : text.punctuation.within(isolated(name), isolated(user)));

/** Where somebody is shown, with all that is known of them. */
export const personHref = (user: string): string => writeHash("person", new URLSearchParams({ open: user }));
