import type { Region } from "../api/types";

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
  return regions.find((one) => one.host === bare)?.name ?? bare;
}

/** The region that an SDKAppID's number points to (protocol.md 8.2): 20… and 40… are overseas applications. */
export function regionByNumber(app: string): string {
  return /^[24]0/.test(app) ? "singapore" : "china";
}

/** What is sent when an app's details are saved: an empty field would leave what is stored, so its meaning is said instead. */
export function toSave(details: Details, stored: Details & { id: string }): Details {
  const empty = (given: string, before: string, meaning: string) => (given === "" && before !== "" ? meaning : given);
  return {
    label: details.label === "" ? stored.label : details.label,
    region: empty(details.region, stored.region, regionByNumber(stored.id)),
    administrator: empty(details.administrator, stored.administrator, "administrator"),
  };
}

export interface Details {
  label: string;
  region: string;
  administrator: string;
}
