/** An import of contacts, as far as it is thinking: which column is what, and what is looked at first. */
import type { ContactField, ContactsPlan, MappedColumn } from "../api/types";

/** Every field, in the order in which they are asked for; the ids come first, because nothing works without them. */
export const FIELDS = ["user", "name", "team", "ours", "phone", "email", "comment", "same_as"] as const satisfies readonly ContactField[];

/** The largest file that Calltrail takes, in bytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** What becomes of rows; what needs somebody's eyes comes first. */
export const KINDS = ["refused", "changed", "new", "unchanged"] as const;
export type Kind = (typeof KINDS)[number];

/** Rows of a kind that are drawn. Calltrail names every refused one, which may be all of a long file. */
export const DRAWN = 200;

export const columnOf = (mapping: readonly MappedColumn[], field: ContactField): number | undefined => mapping.find((one) => one.field === field)?.column;

/** The mapping with another column for a field, or none. A column is one thing: whatever it was before has none then. */
export function mapped(mapping: readonly MappedColumn[], field: ContactField, column: number | undefined): MappedColumn[] {
  const others = mapping.filter((one) => one.field !== field && one.column !== column);
  return column === undefined ? others : [...others, { field, column }];
}

/** As Calltrail is asked for it: every field is named, so that nothing is guessed behind somebody's back. */
export const asked = (mapping: readonly MappedColumn[]): string => FIELDS.map((field) => `${field}=${columnOf(mapping, field) ?? ""}`).join(",");

/** The kinds of which there are rows. */
export const kindsOf = ({ counts }: Pick<ContactsPlan, "counts">): Kind[] => KINDS.filter((kind) => counts[kind] > 0);

/** The kind whose rows are shown: the one that was chosen, as long as there are any. */
export function shownKind(plan: Pick<ContactsPlan, "counts">, chosen: Kind | undefined): Kind | undefined {
  const kinds = kindsOf(plan);
  return chosen !== undefined && kinds.includes(chosen) ? chosen : kinds[0];
}

/** Whether an import would write anything. */
export const changes = (plan: Pick<ContactsPlan, "counts"> | null | undefined): boolean => plan != null && plan.counts.new + plan.counts.changed > 0;
