/** The columns of a list, and how a person chooses, orders and sizes them. */
export const columns = {
  title: "Columns",
  always: "always shown",
  noRoom: "no room",
  up: (column: string) => `Move ${column} up`,
  down: (column: string) => `Move ${column} down`,
  reset: "Reset columns",
  density: "Density",
  densities: { comfortable: "Comfortable", compact: "Compact" },
  mouse: "Drag a column heading to move it, or its edge to resize it. Double-click the edge to fit its contents.",
  keys: "On a heading, Left and Right go to the next one, Alt+Shift+Left or Right moves the column, Shift+Left or Right resizes it, Shift+Enter fits its contents, Delete hides it.",
  told: {
    hidden: (column: string) => `${column} hidden`,
    shown: (column: string) => `${column} shown`,
    noRoom: (column: string) => `No room for ${column}`,
    moved: (column: string, at: number, all: number) => `${column}: column ${at} of ${all}`,
    sized: (column: string, pixels: number) => `${column}: ${pixels} pixels wide`,
    reset: "Columns reset",
  },
};
