/** How words and sentences are put together, in Chinese. */
import type { punctuation as english } from "../en/punctuation";

export const punctuation: typeof english = {
  comma: "、",
  all: (things) => things.join("、"),
  clauses: (parts) => parts.join("；"),
  named: (name, said) => `${name}：${said}`,
  within: (whole, parts) => `${whole}（${parts}）`,
  quoted: (words) => `“${words}”`,
  sentences: (...said) => said.filter((one) => one !== "").join(""),
  stop: (words) => `${words}。`,
};
