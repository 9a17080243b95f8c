import type { LinkPlan } from "../api/types";
import { isolated } from "../format/visible";
import { hourWords } from "../overview/week";
import { text, word } from "../text";

/** A filter as it is kept, where null does not restrict either. */
export type Rows = NonNullable<LinkPlan["view"]["filter"]>;

type Words = Readonly<Record<string, string>>;
type Said = (value: string) => string;

/** What a filter leaves of a list, in words: `Result: Missed, Declined`. Its period is not among them. */
export function restrictions(filter: Rows): string[] {
  const said = words();
  // A period is two numbers.
  const given = Object.entries(filter).filter((field): field is [string, string] => typeof field[1] === "string" && field[1] !== "");
  const order = Object.keys(said);
  const place = ([name]: [string, string]) => (order.includes(name) ? order.indexOf(name) : order.length);
  // What has no words here is told as it is.
  return given.sort((a, b) => place(a) - place(b)).map(([name, value]) => (said[name] ?? called(name))(value));
}

/** A list, and what a filter leaves of it: `Calls (Team: Support)`. */
export function restricted(list: string, filter: Rows = {}): string {
  const said = restrictions(filter);
  return said.length === 0 ? list : text.punctuation.within(list, text.punctuation.clauses(said));
}

const called =
  (label: string): Said =>
  (id) =>
    text.punctuation.named(label, isolated(id));
const coded =
  (label: string, words: Words): Said =>
  (codes) =>
    text.punctuation.named(label, text.punctuation.all([...new Set(codes.split(",").map((code) => word(words, code)))]));
const alone =
  (words: Words): Said =>
  (code) =>
    word(words, code);

/** How each restriction is told, in their order. */
function words(): Readonly<Record<string, Said>> {
  const labels = text.filter;
  const { tabs, nobodys, columns } = text.followUp;
  return {
    q: (q) => text.punctuation.quoted(isolated(q)),
    result: coded(labels.result, text.results),
    verdict: coded(labels.verdict, text.verdicts),
    state: coded(columns.state, { open: tabs.open, put_off: tabs.put_off, done: tabs.done, closed_itself: tabs.done }),
    assignee: (id) => ({ me: tabs.mine, "-": nobodys })[id] ?? called(columns.assignee)(id),
    media: coded(labels.media, text.media),
    type: coded(labels.type, text.types),
    product: coded(labels.product, text.products),
    family: coded(labels.family, text.families),
    user: called(labels.user),
    person: called(text.people.detail),
    team: called(labels.team),
    tag: called(labels.tag),
    note: () => labels.withNote,
    ours: alone(labels.ours),
    room: called(labels.room),
    app: called(labels.app),
    answered: alone(text.overview.answeredOnly),
    part: alone(text.overview.parts),
    hour: hourWords,
    inside: alone(text.overview.insideOnly),
  };
}
