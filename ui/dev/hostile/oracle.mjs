// What runs inside the page: it notes what must never happen, and looks through everything that is on the screen.

/** Installed before the page's own scripts. `known` are the texts that are written from right to left, as they should be shown. */
export function install(known) {
  const noted = { ran: [], policy: [] };
  window.__xss = (which) => noted.ran.push(String(which));
  document.addEventListener("securitypolicyviolation", (event) => noted.policy.push(`${event.violatedDirective}: ${event.blockedURI}`));

  const values = new Set(known);
  const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
  const UNSEEN = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\0-\x08\x0b-\x1f\x7f-\x9f\u115F\u1160\u3164\uFFA0\u034F\u17B4\u17B5\u2800]/u;
  const OURS = /\u2068([^\u2066-\u2069]*)\u2069/g;
  // The widths of columns come from our own words alone.
  const STYLE = /^(?:(?:(?:height|width|left|right|top|transform): [\w.%() -]+|grid-template-columns: (?:minmax\(\d+px, [\d.]+(?:px|fr)\) ?)+); ?)*$/;
  // Where a panel stands over the screen, and how much room it has there, is measured.
  const PLACED =
    /^(?:(?:position|left|top|transform|min-width|will-change|z-index|pointer-events|contain|outline|display|flex-direction|box-sizing|visibility|--bits-[a-z-]+): [\w.%() ,-]+; ?)*$/;
  const start = (text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

  /** Where an element is, for a person who must find it. */
  function where(element) {
    const named = element.closest("[data-testid], main, nav, aside");
    return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> in ${named?.getAttribute("data-testid") ?? named?.localName ?? "the page"}`;
  }

  /** The names of the elements and of their attributes that are in the document. */
  function names() {
    const found = new Set();
    for (const element of document.querySelectorAll("*")) {
      found.add(element.localName);
      for (const attribute of element.attributes) found.add(`${element.localName} ${attribute.name}`);
    }
    return found;
  }

  /** No attribute leads elsewhere, runs something or dresses something up. */
  function attributes(faults) {
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) faults.push(`a handler ${name} at ${where(element)}`);
        if (
          ["src", "href", "action", "formaction", "data", "srcset", "ping", "poster", "background"].includes(name) &&
          element.localName !== "link" &&
          !/^(#\/|\/api\/|\.\/assets\/|\.\/icon\.svg$)/.test(value)
        )
          faults.push(`${name}=${start(value)} at ${where(element)}`);
        if (name === "style" && !(element.matches(".floating, [data-bits-floating-content-wrapper]") ? PLACED : STYLE).test(value))
          faults.push(`style=${start(value)} at ${where(element)}`);
      }
    }
  }

  /** Text that people read: of elements and of tool tips. */
  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.data.trim() !== "" && node.parentElement !== null) yield { text: node.data, element: node.parentElement, isTip: false };
    }
    for (const element of document.querySelectorAll("[title], [aria-label], [alt], [placeholder]")) {
      for (const name of ["title", "aria-label", "alt", "placeholder"]) {
        const text = element.getAttribute(name);
        if (text !== null) yield { text, element, isTip: true };
      }
    }
  }

  function isolates(element) {
    const style = getComputedStyle(element);
    return /isolate|plaintext/.test(style.unicodeBidi) || !/^(inline|contents)$/.test(style.display);
  }

  /** What stands in one line with a text: everything in the nearest element that keeps the outside out, without what isolates itself. */
  function paragraph(element) {
    let box = element;
    while (!isolates(box) && box.parentElement !== null) box = box.parentElement;
    const said = (node) =>
      [...node.childNodes]
        .map((child) =>
          child.nodeType === Node.TEXT_NODE ? child.data : child.nodeType === Node.ELEMENT_NODE ? (isolates(child) ? "\uFFFC" : said(child)) : "",
        )
        .join("");
    return said(box);
  }

  /** True where a text cannot change the order of what stands beside it. */
  function keepsToItself(text) {
    const rest = text.replace(OURS, "").trim();
    // A value alone; or inside a sentence, between words that are written from left to right.
    return (
      !RIGHT_TO_LEFT.test(rest) ||
      values.has(rest) ||
      values.has(rest.replace(/^[a-z]+:/, "")) ||
      [...values].some((value) => rest.includes(value) && /^[A-Za-z][\x20-\x7e\u2026]*[A-Za-z] \s*[A-Za-z][\x20-\x7e\u2026]*$/.test(rest.replace(value, " ")))
    );
  }

  function readable(faults) {
    for (const { text, element, isTip } of texts()) {
      if (element.localName === "title") continue;
      const plain = text.replace(OURS, "$1");
      if (UNSEEN.test(plain)) faults.push(`something unseen in ${start(text)} at ${where(element)}`);
      if (/\p{M}{5}/u.test(plain)) faults.push(`a pile of marks in ${start(text)} at ${where(element)}`);
      if (!RIGHT_TO_LEFT.test(text) || element.closest("pre") !== null) continue;
      if (!keepsToItself(isTip ? text : paragraph(element)))
        faults.push(`order: ${start(text)} is not kept apart ${isTip ? "in a tool tip of" : "at"} ${where(element)}`);
    }
    // In a body each text is set apart from the signs around it.
    for (const pre of document.querySelectorAll("pre")) {
      for (const node of pre.childNodes)
        if (node.nodeType === Node.TEXT_NODE && RIGHT_TO_LEFT.test(node.data) && /["\d][^"]*"/.test(node.data))
          faults.push(`order: ${start(node.data.trim())} is not kept apart in a body`);
    }
  }

  function layout(faults) {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide, the window ${page.clientWidth}`);
    if (page.scrollHeight > page.clientHeight) faults.push(`the page is ${page.scrollHeight} high, the window ${page.clientHeight}`);
    for (const row of document.querySelectorAll("[role=grid] [role=row][data-row]"))
      if (row.offsetHeight !== 34) faults.push(`a row is ${row.offsetHeight} high: ${start(row.textContent)}`);
    for (const box of document.querySelectorAll("main, aside, aside > .body, [role=grid], .page, .inside, dialog[open]")) {
      if (box.scrollWidth > box.clientWidth + 1) faults.push(`something hangs out of ${where(box)}: ${box.scrollWidth} in ${box.clientWidth}`);
    }
  }

  window.__audit = () => {
    const faults = [];
    attributes(faults);
    readable(faults);
    layout(faults);
    if (
      !/^(Overview|What we know we have|Calls|Follow-up|Rooms|People|Person|Deliveries|Settings|First steps|Recovery|Reprocess|Make it reachable|Callbacks) – Calltrail$/.test(
        document.title,
      )
    )
      faults.push(`the title is ${start(document.title)}`);
    for (const which of noted.ran.splice(0)) faults.push(`a script ran: ${which}`);
    for (const which of noted.policy.splice(0)) faults.push(`the policy was broken: ${which}`);
    return { faults, names: [...names()] };
  };

  /** Goes to an address and waits until each of these texts stands alone in something that fits its selector; what never does is a fault. */
  window.__visit = async (hash, expected, patience) => {
    window.location.hash = hash;
    const until = performance.now() + patience;
    const lacks = () =>
      expected.filter(
        ({ selector, text }) =>
          ![...document.querySelectorAll(selector)].some((element) => element.textContent.replaceAll(/[\u2068\u2069]/g, "").trim() === text),
      );
    let missing = lacks();
    while (missing.length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      missing = lacks();
    }
    for (const element of document.querySelectorAll("aside details:not([open])")) element.open = true;
    const found = window.__audit();
    found.faults.push(...missing.map(({ selector, text }) => `${start(text)} should stand in ${selector}`));
    return found;
  };
}
