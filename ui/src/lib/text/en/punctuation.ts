/** How words and sentences are put together. */
export const punctuation = {
  /** Between things that are listed. */
  comma: ", ",
  all: (things: string[]) => things.join(", "),
  /** Parts of a sentence that have commas themselves. */
  clauses: (parts: string[]) => parts.join("; "),
  /** What something is called, and what it is. */
  named: (name: string, said: string) => `${name}: ${said}`,
  within: (whole: string, parts: string) => `${whole} (${parts})`,
  quoted: (words: string) => `“${words}”`,
  /** One sentence after the other. */
  sentences: (...said: string[]) => said.filter((one) => one !== "").join(" "),
  /** A sentence of words that end without a stop. */
  stop: (words: string) => `${words}.`,
};
