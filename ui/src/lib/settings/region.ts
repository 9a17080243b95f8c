import type { Details } from "../api/client";
import type { Region } from "../api/types";
import { text } from "../text";

/** Chosen in the form for an address that is none of the regions'. */
export const OTHER = "other";

/** What the form's list shows for a stored region: a region's code, nothing (by the number), or another address. */
export function choiceOf(region: string, regions: readonly Region[]): string {
  if (region === "") return "";
  return regions.find((one) => one.region === region.toLowerCase())?.region ?? OTHER;
}

/** What is stored for what was chosen and typed. */
export function regionOf(choice: string, typed: string): string {
  return choice === OTHER ? typed.trim() : choice;
}

/** What people call the place that an application's requests go to: the region's name, or the address itself. */
export function placeName(host: string, regions: readonly Region[]): string {
  const bare = host.replace(/^https?:\/\//, "");
  const region = regions.find((one) => one.host === bare)?.region;
  return region === undefined ? bare : text.apps.regions[region];
}

/** What of an app's details differs from what is stored: what is sent when they are saved. An emptied field counts. */
export function changedDetails(details: Details, stored: Details): Partial<Details> {
  const fields = ["label", "region", "administrator"] as const;
  return Object.fromEntries(fields.filter((field) => details[field] !== stored[field]).map((field) => [field, details[field]]));
}
