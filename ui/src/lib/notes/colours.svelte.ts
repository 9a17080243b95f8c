import type { TagRow } from "../api/types";

export const COLOURS = ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const;
export type Colour = (typeof COLOURS)[number];

/** The tones of `tokens.css` that some colours have already; the others are tones of their own name. */
const TONES: Partial<Record<Colour, string>> = { grey: "calm", red: "bad", green: "good", blue: "info" };

export const isColour = (name: string): name is Colour => (COLOURS as readonly string[]).includes(name);

/** What `data-tone` is for a colour; a later version may know more of them. */
export const toneOfColour = (colour: string): string => (isColour(colour) ? (TONES[colour] ?? colour) : "calm");

/** Which colour each tag has, for wherever a tag is shown; whoever asks for the tags says it here. */
class TagColours {
  #colours = $state.raw<ReadonlyMap<string, string>>(new Map());

  of(tag: string): string {
    return this.#colours.get(tag) ?? "";
  }

  know(tags: readonly TagRow[]): void {
    this.#colours = new Map(tags.map(({ tag, colour }) => [tag, colour]));
  }
}

export const tagColours = new TagColours();
