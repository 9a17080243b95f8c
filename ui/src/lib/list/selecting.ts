/** How rows are selected in the list: by mouse, and by keyboard. */
import type { Marker } from "./marker.svelte";
import type { Selection } from "./selection.svelte";

/** A press on a row that selects instead of opening it: with Shift or Ctrl, or on the row's box. True where it was one. */
export function pressSelects<Request, Row>(selection: Selection<Request, Row>, event: MouseEvent, key: string, index: number): boolean {
  const isOnBox = event.target instanceof Element && event.target.closest("[data-tick]") !== null;
  if (event.shiftKey) void selection.range(index);
  else if (isOnBox || event.ctrlKey || event.metaKey) selection.toggle(key, index);
  else return false;
  return true;
}

/** A key that selects: Space the marked row, Shift with an arrow a range, Ctrl+A everything, Escape nothing. True where it was one. */
export function keySelects<Request, Row>(
  selection: Selection<Request, Row>,
  marker: Marker<Request, Row>,
  event: KeyboardEvent,
  key: string | undefined,
): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && !event.shiftKey && !event.altKey) selection.selectAll();
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (event.key === " " && key !== undefined && marker.index !== undefined) selection.toggle(key, marker.index);
  else if (event.key === "Escape" && selection.count > 0) selection.clear();
  else if (event.shiftKey && ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].includes(event.key)) {
    const start = marker.index;
    marker.key(event);
    if (marker.index !== undefined) void selection.range(marker.index, start);
  } else return false;
  event.preventDefault();
  return true;
}
