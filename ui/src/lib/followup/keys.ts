/** The keys that cases are worked with. */
import type { Deed } from "./worklist";

export type Press = Deed | "reason" | "next" | "previous";

/** As they stand on the buttons. */
export const KEYS = { done: "D", assign: "A", put_off: "P", note: "N", reopen: "O", next: "J", previous: "K" } as const satisfies Partial<
  Record<Press, string>
>;

/** Where letters are typed, or look for a choice, they are none of these keys. */
const ELSEWHERE = "input, textarea, select, dialog, [role=menu], [role=listbox], [role=dialog]";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat" | "defaultPrevented" | "isComposing">;

/** What a key asks for; undefined for every other one. A key that is held down works through nothing unseen: it moves alone. */
export function pressOf(event: Pressed): Press | undefined {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toUpperCase();
  const found = (Object.keys(KEYS) as (keyof typeof KEYS)[]).find((press) => KEYS[press] === key);
  const moves = found === "next" || found === "previous";
  if (event.repeat && !moves) return undefined;
  if (event.shiftKey) return found === "done" ? "reason" : undefined;
  return found;
}

export const isElsewhere = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest(ELSEWHERE) !== null;
