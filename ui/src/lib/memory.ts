/** Small choices that this window keeps for itself: the theme, the last filters. Without storage nothing is kept, and nothing breaks. */
const PREFIX = "calltrail.";

export function recall(name: string): string {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}

export function remember(name: string, value: string): void {
  try {
    if (value === "") localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // A private window may refuse to keep things.
  }
}
