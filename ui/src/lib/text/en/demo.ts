/** Words of the demo. */
import { count, grouped } from "./count";

export const demo = {
  name: "Demo",
  offerTitle: "Just looking?",
  offer: "See every screen filled with sample calls and rooms. They are kept apart from your record, which goes on receiving meanwhile, and one click removes them.",
  start: "Look around with sample data",
  starting: "Making sample calls…",
  progress: (filled: number, total: number) => (total === 0 ? "Making sample calls…" : `${grouped(filled)} of ${count(total, "message", "messages")}`),
  progressLabel: "How much of the sample data is there",
  banner: "You are looking at sample data.",
  bannerHelp: "Your own record is untouched and goes on receiving.",
  remove: "Remove the demo",
  removing: "Removing…",
};
