/** Words of the demo. */
import { count, grouped } from "./count";

export const demo = {
  name: "Demo",
  offerTitle: "Just looking?",
  offer:
    "See every screen filled with sample calls and rooms. They are kept separate from your record, which keeps receiving meanwhile, and one click removes them.",
  start: "Look around with sample data",
  starting: "Creating sample calls…",
  progress: (filled: number, total: number) => (total === 0 ? "Creating sample calls…" : `${grouped(filled)} of ${count(total, "message", "messages")}`),
  progressLabel: "How much of the sample data is ready",
  banner: "You are looking at sample data.",
  bannerHelp: "Your own record is untouched and keeps receiving.",
  remove: "Remove the demo",
  removing: "Removing…",
};
