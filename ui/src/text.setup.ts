// Whoever reads the words without a window does it as the window does: after they are loaded.
import { loadText, text } from "./lib/text";

await loadText();
export { text };
