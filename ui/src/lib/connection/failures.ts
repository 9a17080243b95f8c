import { visible } from "../format/visible";
import { text } from "../text";

/** What came back for one product of one app. */
export interface Reply {
  app: string;
  product: string;
  /** Why it could not be read; empty where it could. */
  why: string;
}

/** What could not be read, each reason once with all that it holds for: one lost connection is not four complaints. */
export function failures(replies: readonly Reply[]): string[] {
  const reasons = new Map<string, Map<string, string[]>>();
  for (const { app, product, why } of replies) {
    if (why === "") continue;
    const apps = reasons.get(why) ?? new Map<string, string[]>();
    apps.set(app, [...(apps.get(app) ?? []), product]);
    reasons.set(why, apps);
  }
  return [...reasons].map(([why, apps]) => {
    const whose = [...apps].map(([app, products]) => text.punctuation.within(visible(app), text.punctuation.all(products)));
    return text.connection.readFailed(text.punctuation.clauses(whose), visible(why));
  });
}
