/** How wide a text is in the font of an element. */
export function measureIn(element: HTMLElement): (words: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen === null) return () => 0;
  // The shorthand is empty where figures have a width of their own.
  const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  return (words) => pen.measureText(words).width;
}

/** How wide the cells of a column would be that is as wide as they are, of those rows that are there. */
export function naturalWidth(table: HTMLElement, key: string): number {
  const cells = [...table.querySelectorAll<HTMLElement>(`[role=row]:not([aria-busy]) > [data-column="${CSS.escape(key)}"]`)];
  for (const cell of cells) cell.style.width = "max-content";
  const width = Math.max(0, ...cells.map((cell) => cell.getBoundingClientRect().width));
  for (const cell of cells) cell.removeAttribute("style");
  return width;
}
