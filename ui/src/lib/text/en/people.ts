/** The words of people: who somebody is, what is known of them, and who wrote that. */
import { count } from "./count";

export const people = {
  show: "Show this person",
  columns: { name: "Name", id: "User ID", team: "Team", ours: "One of us", calls: "Calls", notes: "Notes", last: "Last seen" },
  listed: (n: number) => count(n, "person", "people"),
  more: (n: number) => `+${n}`,
  unnamed: "no name yet",
  never: "Not seen in a call or room yet",
  yes: "yes",
  emptyTitle: "Nobody yet",
  empty: "Everyone who takes part in a call or enters a room appears here. Give them names once, and every list shows those instead of IDs.",
  noneTitle: "No one matches these filters",
  none: "Part of a name, an ID, a team or a phone number is enough to find someone.",
  detail: "Person",
  gone: "No one with this ID is in the record.",
  fields: {
    name: "Name",
    team: "Team",
    ours: "One of us",
    phone: "Phone",
    email: "Email",
    comment: "Comment",
    same_as: "Same person as",
  },
  add: { name: "Add a name", phone: "Add a number", email: "Add an address", comment: "Add a comment" },
  addTeam: "Add a team",
  noTeam: "No team",
  newTeam: (team: string) => `New team “${team}”`,
  oursHelp: "Someone on your team. Calls from everyone else that nobody of yours answers are missed calls.",
  first: "First seen",
  last: "Last seen",
  seen: "Seen",
  calls: "Calls",
  rooms: "Rooms",
  callsGo: (n: number) => count(n, "call", "calls"),
  roomsGo: (n: number) => count(n, "stay in rooms", "stays in rooms"),
  also: "Written on another computer at the same time:",
  take: "Use this",
  ids: "User IDs",
  idsHelp: "All IDs of one person count as that person in filters and lists.",
  merge: "Same person as…",
  mergeAsk: "Add another ID of this person",
  apart: "Separate",
  history: "Changes",
  historyNone: "Nothing has been added to this person yet.",
  /** What an entry did: `{who}` did it, `{value}` is what was written. */
  did: {
    set: (field: string) => `{who} set ${field.toLowerCase()} to {value}`,
    cleared: (field: string) => `{who} removed ${field.toLowerCase()}`,
    ours: "{who} marked them as one of us",
    theirs: "{who} marked them as not one of us",
    joined: "{who} merged {id} with {value}",
    parted: "{who} separated {id}",
    tagged: "{who} added the tag {value}",
    untagged: "{who} removed the tag {value}",
  },
  told: {
    set: (field: string) => `${field} changed`,
    cleared: (field: string) => `${field} removed`,
    ours: (n: number) => `${count(n, "person", "people")} marked as one of us`,
    theirs: (n: number) => `${count(n, "person", "people")} no longer marked as one of us`,
    joined: (name: string) => `${name} is the same person now`,
    parted: (name: string) => `${name} is a person of their own now`,
  },
  /** Somebody's own page. */
  page: {
    go: "Figures and calls",
    figures: {
      made: "Called",
      made_answered: "Called and reached",
      received: "Was called",
      answered: "Answered",
      missed: "Missed",
      declined: "Declined",
      ring: "Median ring before answering",
      talk: "Talk time",
      first: "First to join a group call",
      busiest: "Busiest hour",
    },
    recent: "Newest calls",
    recentNone: "Not in any call yet.",
    cases: "Newest cases of follow-up",
  },
  bulkOurs: "One of us",
  bulkTheirs: "Not one of us",
};

/** Who writes here. */
export const me = {
  title: "Who are you?",
  why: "What you write carries your name, so that your team knows who it came from. You can change it in Settings.",
  name: "Your name",
  save: "Continue",
  later: "Not now",
  card: "Your name",
  cardHelp: "Notes, tags and names that you write from now on carry it. What was written before keeps the name it had.",
};

/** What was just done, and the way back. */
export const undo = {
  label: "Last change",
  button: "Undo",
  key: "Ctrl+Z",
  undone: (what: string) => `Undone: ${what}`,
  nothing: (what: string) => `Nothing was undone, because it was changed since: ${what}`,
};

/** Several rows of a list together. */
export const selection = {
  title: "Selected rows",
  selected: (what: string) => `${what} selected`,
  all: (n: string) => `Select all ${n}`,
  none: "Clear selection",
  keys: "Space selects a row, Shift with an arrow key several, Ctrl+A all that the filters find, Escape none.",
};
