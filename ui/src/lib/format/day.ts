/** Days of the viewer's calendar, without words. */

/** `2026-11-21`, in the viewer's zone. */
export function isoDate(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** The first millisecond of a day that is written `2026-11-21`, or of one so many days later; undefined where it is no such day. */
export function dayStart(text: string, later = 0): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(year, month - 1, day);
  if (date.getMonth() !== month - 1 || date.getDate() !== day) return undefined;
  return new Date(year, month - 1, day + later).getTime();
}

/** The first millisecond of the viewer's day that holds this moment. */
export function midnight(ms: number): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** With zeros in front. */
export function pad(n: number, width = 2): string {
  return String(n).padStart(width, "0");
}
