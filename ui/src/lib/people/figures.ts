/** The figures of somebody, and the list that each of them leads to. */
import type { PersonFigures } from "../api/types";
import type { Period } from "../filter/period";
import { callsHref, partHref } from "../overview/links";

/** One figure: a number of calls, or seconds. */
export interface Fact {
  name: "made" | "made_answered" | "received" | "answered" | "missed" | "declined" | "ring" | "talk";
  /** How many calls it leads to. */
  calls?: number;
  /** Null where nothing can be said. */
  seconds?: number | null;
  href: string;
}

/** Every figure that has a list of its own. */
export function factsOf(person: PersonFigures, period: Period): Fact[] {
  const { user } = person;
  return [
    { name: "made", calls: person.made, href: partHref(period, user, "made") },
    { name: "made_answered", calls: person.made_answered, href: partHref(period, user, "made", { answered: "yes" }) },
    { name: "received", calls: person.received, href: partHref(period, user, "received") },
    { name: "answered", calls: person.answered, href: partHref(period, user, "answered") },
    { name: "missed", calls: person.missed, href: partHref(period, user, "missed") },
    { name: "declined", calls: person.declined, href: partHref(period, user, "declined") },
    { name: "ring", seconds: person.ring, href: partHref(period, user, "answered") },
    { name: "talk", seconds: person.talk, href: callsHref(period, { person: user, answered: "yes" }) },
  ];
}
