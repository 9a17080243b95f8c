/** How moments and spans are said. */
export const times = {
  today: "Today",
  yesterday: "Yesterday",
  tomorrow: "Tomorrow",
  /** A day and a time of it: `Yesterday 14:03`, `19 Nov 14:03`. */
  dayAt: (day: string, clock: string) => `${day} ${clock}`,
  /** The same inside a sentence. */
  todayAt: (clock: string) => `today ${clock}`,
  yesterdayAt: (clock: string) => `yesterday ${clock}`,
  tomorrowAt: (clock: string) => `tomorrow ${clock}`,
  justNow: "just now",
  /** `2 min ago`, with a span such as `2 min`. */
  ago: (span: string) => `${span} ago`,
  /** A moment that only a wrong clock explains. */
  ahead: (span: string) => `${span} in the future`,
};
