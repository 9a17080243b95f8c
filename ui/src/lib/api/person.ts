/** Somebody's figures, where an address cannot say whose. */
import type { Figures } from "./types";

/** An address takes these for steps up its own path, however they are written. */
export const isStep = (user: string): boolean => user === "." || user === "..";

/** Figures of calls with one of their people alone. */
export const onlyOf = (figures: Figures, user: string): Figures => ({ ...figures, people: figures.people.filter((person) => person.user === user) });
