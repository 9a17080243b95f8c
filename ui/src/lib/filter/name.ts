import { text } from "../text";
import type { Period } from "./period";

/** What a period is called: `Last 7 days`, or `2026-11-20 – 2026-11-27`. */
export function periodName(period: Period): string {
  if (period.kind === "any") return text.filter.any;
  if (period.kind !== "custom") return text.filter[period.kind];
  return `${period.from || "…"} – ${period.to || "…"}`;
}
