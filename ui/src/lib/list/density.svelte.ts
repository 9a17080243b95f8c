import { recall, remember } from "../memory";

export const DENSITIES = ["comfortable", "compact"] as const;
export type DensityChoice = (typeof DENSITIES)[number];

/** How high a line of a list is, in pixels: the one place that says so. */
const LINES: Readonly<Record<DensityChoice, number>> = { comfortable: 34, compact: 26 };

/** How many rows are seen at once, in every list. */
class Density {
  choice = $state<DensityChoice>(DENSITIES.find((name) => name === recall("density")) ?? "comfortable");
  readonly line = $derived(LINES[this.choice]);

  choose(choice: DensityChoice): void {
    this.choice = choice;
    remember("density", choice === "comfortable" ? "" : choice);
  }
}

export const density = new Density();
