// Every word is in src/lib/text, so that none is left behind when a language is added.

const WORDS = /\p{L}{2}/u;
const SPOKEN = ["alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "placeholder", "title"];

export default {
  meta: { type: "problem", messages: { literal: "“{{words}}” belongs into src/lib/text." }, schema: [] },
  create(context) {
    const check = (node, words) => {
      if (WORDS.test(words)) context.report({ node, messageId: "literal", data: { words: words.trim() } });
    };
    const isCode = (node) => ["script", "style"].includes(node.parent?.name?.name);
    return {
      SvelteText: (node) => isCode(node) || check(node, node.value),
      SvelteAttribute(node) {
        if (!SPOKEN.includes(node.key.name)) return;
        node.value.filter(({ type }) => type === "SvelteLiteral").forEach((part) => check(part, part.value));
      },
      // {"words"} and {`words ${n}`} in markup.
      "SvelteMustacheTag > Literal": (node) => typeof node.value === "string" && check(node, node.value),
      "SvelteMustacheTag > TemplateLiteral": (node) => node.quasis.forEach((part) => check(part, part.value.cooked ?? "")),
    };
  },
};
