/** Words of the demo. */
import { count, grouped } from "./count";

export const demo = {
  name: "Demo",
  offerTitle: "Just looking?",
  offer: "See every screen filled with invented calls and rooms. They are kept apart from your record, which goes on receiving meanwhile, and one click removes them.",
  start: "Look around with invented data",
  starting: "Inventing calls…",
  progress: (filled: number, total: number) => (total === 0 ? "Inventing calls…" : `${grouped(filled)} of ${count(total, "message", "messages")}`),
  progressLabel: "How much is invented",
  banner: "You are looking at invented data.",
  bannerHelp: "Your own record is untouched and goes on receiving.",
  remove: "Remove the demo",
  removing: "Removing…",
} as const;
