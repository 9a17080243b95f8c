/** Cases of follow-up, as the OpenAPI document has them, with what it cannot say of them. */
import type { components } from "./schema";
import type { EntryRow } from "./types";

type Schemas = components["schemas"];

/** Somebody who writes here, or one of ours who talked; the name is empty where nobody gave one. */
export type Named = Schemas["Person"];

export type CaseState = Schemas["CaseState"];

export type CaseRow = Schemas["CaseRow"];

export type CaseKey = Pick<CaseRow, "app" | "call_id">;

/** What was written of a case: a word, a moment, or somebody. */
export type CaseEntry = Omit<EntryRow, "value"> & { value: unknown };

export type CaseDetail = Omit<Schemas["CaseDetailRow"], "history"> & { history: CaseEntry[] };

/** Cases in numbers; of those to whom one can be assigned whoever writes here is the first. */
export type CaseFigures = Schemas["CaseFigures"];

/** What is written of cases; what is left out stays as it is. */
export type CaseSet = Schemas["Said"];

/** Of all that a filter finds, or of these. */
export type CaseChange = Schemas["Saying"];

/** The results of calls that may count as missed. */
export const COUNTABLE = ["not_answer", "call_busy", "offline", "failed", "cancel", "reject"] as const;
export type Countable = (typeof COUNTABLE)[number];

/** What counts as missed. */
export type FollowUpSettings = Omit<Schemas["Missed"], "results"> & { results: Record<Countable, boolean> };
