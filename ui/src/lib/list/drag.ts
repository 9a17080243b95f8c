/** So far a pointer has to move before a press becomes a drag. */
const SLACK_PX = 4;

export interface Drag {
  /** The pointer is here; not called before it has moved a little. */
  onmove: (x: number) => void;
  /** It was let go, or Escape gave it up; not called where it was a press alone. */
  onend: (isDropped: boolean) => void;
}

/** Follows a pointer that was pressed on an element until it is let go. */
export function drag(event: PointerEvent & { currentTarget: HTMLElement }, { onmove, onend }: Drag): void {
  const { pointerId, clientX: from } = event;
  const life = new AbortController();
  let isMoving = false;
  event.currentTarget.setPointerCapture(pointerId);

  function end(isDropped: boolean) {
    life.abort();
    if (isMoving) onend(isDropped);
  }
  function onpointermove(next: PointerEvent) {
    if (next.pointerId !== pointerId) return;
    isMoving ||= Math.abs(next.clientX - from) > SLACK_PX;
    if (isMoving) onmove(next.clientX);
  }
  function onkeydown(key: KeyboardEvent) {
    if (key.key !== "Escape") return;
    // It gives up the drag, and closes nothing else.
    key.preventDefault();
    key.stopPropagation();
    end(false);
  }
  // At the window, because the element may leave the document meanwhile.
  window.addEventListener("pointermove", onpointermove, { signal: life.signal });
  window.addEventListener("pointerup", (up) => up.pointerId === pointerId && end(true), { signal: life.signal });
  window.addEventListener("pointercancel", (gone) => gone.pointerId === pointerId && end(false), { signal: life.signal });
  window.addEventListener("keydown", onkeydown, { capture: true, signal: life.signal });
}
