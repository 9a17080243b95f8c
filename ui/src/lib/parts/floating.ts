/** What everything has in common that opens over the screen: menus, popovers, lists of a combobox, tool tips. */

/** Under its button, moved where the window's edge would cut it off. Fixed, because lists and panels scroll and hide what leaves them. */
export const PLACE = { side: "bottom", sideOffset: 4, collisionPadding: 8, strategy: "fixed", preventScroll: false } as const;

/** Where it is drawn: at the end of the dialog that its button is in, which nothing outside can cover, or else of the part of the page. */
export const hostOf = (opener: Element | null): Element | undefined => opener?.closest("dialog, main, nav") ?? undefined;

/** What is typed into it is its own, and none of the single keys that the screen beneath listens for. */
export function keepTyping(event: KeyboardEvent): void {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}
