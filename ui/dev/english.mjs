// What of a Chinese text is English: whole words of Latin letters that are no name.

/** What nobody translates: names, and what an address or a program is made of. */
const NAMES =
  /Calltrail|SDKAppID|SDKSecretKey|TRTC|RTC Engine|RTC|Live|Before|calls\(\)|call\(\)|groupCall\(\)|HTTP|https?|JSON Lines|JSON|CSV|UTF-\d+|localhost|administrator|Token|set_callback_token|Unicode|GB18030|MiB|\b(API|ID|IM|IP|PK|UTC|XML|xlsx?)\b/g;
/** Addresses, Tencent's words for callbacks, and what it says of an error in its own words. */
const QUOTED = /`[^`]+`|https?:\/\/[^\s。]+|\w+\.Callback[^\s，。、（）]*|[\w-]+(\.[\w-]+)+|(?<=错误码 \d+：)“[^”]*”/g;

/** The English words of a text. */
export const englishIn = (words) =>
  words
    .replaceAll(QUOTED, " ")
    .replaceAll(NAMES, " ")
    .match(/[A-Za-z]{2,}/g) ?? [];

/** In the page: every text in this part of it that is seen or named, but for ids and what came from elsewhere, which are in elements of their own. */
export function wordsOf(selector) {
  const part = document.querySelector(selector);
  if (part === null) return [`nothing is ${selector}`];
  const found = [];
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    // What was just done is said with the names that people gave, and stays for a while over whatever screen is next.
    if (!node.parentElement.closest("bdi, code, .mono, script, style, [data-testid=undo-message], .heard") && node.parentElement.checkVisibility())
      found.push(node.data.trim());
  }
  for (const element of part.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (element.closest("bdi, code, .mono")) continue;
    for (const name of ["aria-label", "title", "placeholder"]) {
      // An open combobox shows there what is chosen, which may be anything.
      if (name !== "placeholder" || element.role !== "combobox") found.push(element.getAttribute(name) ?? "");
    }
  }
  return found.filter((words) => words !== "");
}
