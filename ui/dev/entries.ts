import type { Edit, EntryRow, NoteRow, Subject } from "../src/lib/api/types";

/** Who writes. */
export interface Writer {
  id: string;
  name: string;
}

export const key = (subject: Subject) => JSON.stringify(subject);

/** The log of everything that people add. What holds follows from it: of each field the value that was written last. */
export class Entries {
  /** Oldest first. */
  readonly all: EntryRow[] = [];
  #values = new Map<string, EntryRow["value"]>();
  #last = new Map<string, EntryRow>();
  /** What an undo goes back to. */
  #backTo = new Map<string, string>();
  #nextId = 1;

  add(edit: Edit, at_ms: number, person: Writer): EntryRow {
    const place = `${key(edit.subject)} ${edit.field}`;
    const before = this.#last.get(place);
    const id = `00000000-0000-4000-8000-${String(this.#nextId++).padStart(12, "0")}`;
    const entry = { ...edit, id, at_ms, person: { id: person.id, name: person.name }, device: "4f1a09c2d7e83b56", replaces: before ? [before.id] : [] };
    this.all.push(entry);
    this.#last.set(place, entry);
    this.#values.set(place, edit.value);
    return entry;
  }

  note(on: Subject, text: string, at_ms: number, person: Writer): string {
    const id = `00000000-0000-4000-9000-${String(this.#nextId++).padStart(12, "0")}`;
    this.add({ subject: ["note", id], field: "on", value: JSON.stringify(on) }, at_ms, person);
    this.add({ subject: ["note", id], field: "text", value: text }, at_ms, person);
    return id;
  }

  text(subject: Subject, field: string): string {
    const value = this.#values.get(`${key(subject)} ${field}`);
    return typeof value === "string" ? value : "";
  }

  has(subject: Subject, field: string): boolean {
    return this.#values.get(`${key(subject)} ${field}`) === true;
  }

  notesOn = (subject: Subject): NoteRow[] => this.noted().get(key(subject)) ?? [];

  noteRow(id: string): NoteRow {
    const texts = this.all.filter(({ subject, field }) => subject[1] === id && subject[0] === "note" && field === "text");
    const [first, last] = [texts[0] as EntryRow, texts.at(-1) as EntryRow];
    const edited = first !== last && last.value !== first.value;
    return {
      id,
      on: JSON.parse(this.text(["note", id], "on")) as Subject,
      text: String(last.value ?? ""),
      person: first.person,
      device: first.device,
      at_ms: first.at_ms,
      edited_ms: edited ? last.at_ms : null,
      edited_by: edited ? last.person.name : "",
    };
  }

  tagsOf = (subject: Subject): string[] => this.tagged().get(key(subject)) ?? [];

  #byCall: { at: number; tags: Map<string, string[]>; notes: Map<string, NoteRow[]> } | undefined;

  /** Tags and notes by their subject, made once for each state of the log. */
  #index() {
    if (this.#byCall?.at === this.all.length) return this.#byCall;
    const [tags, notes] = [new Map<string, string[]>(), new Map<string, NoteRow[]>()];
    for (const { subject, field } of this.all) {
      const tag = field.startsWith("tag:") ? field.slice("tag:".length) : undefined;
      if (tag !== undefined && this.has(subject, field)) {
        const has = tags.get(key(subject)) ?? [];
        if (!has.includes(tag)) tags.set(key(subject), [...has, tag].sort());
      }
      if (field !== "on" || this.has(subject, "deleted")) continue;
      const row = this.noteRow(subject[1] ?? "");
      notes.set(key(row.on), [...(notes.get(key(row.on)) ?? []), row]);
    }
    this.#byCall = { at: this.all.length, tags, notes };
    return this.#byCall;
  }

  tagged = () => this.#index().tags;
  noted = () => this.#index().notes;

  /** Numbers of entries and of notes come from one row, so an entry is not far before its number. */
  #entry(id: string | undefined): EntryRow | undefined {
    const number = Number(id?.slice(-12));
    for (let at = Math.min(number, this.all.length - 1); at >= 0; at -= 1) if (this.all[at]?.id === id) return this.all[at];
    return undefined;
  }

  /** True as long as nobody has written over an entry, and again when whatever was written over it has been undone. */
  #stands({ id, subject, field }: EntryRow): boolean {
    let at = this.#last.get(`${key(subject)} ${field}`)?.id;
    while (at !== undefined && at !== id) at = this.#backTo.get(at);
    return at === id;
  }

  /** Undoes those that stand, the last one first. */
  undo(ids: readonly string[], person: Writer): EntryRow[] {
    return ids.toReversed().flatMap((id) => {
      const entry = this.#entry(id);
      if (!entry || !this.#stands(entry)) return [];
      const before = this.#entry(entry.replaces[0]);
      const written = this.add({ subject: entry.subject, field: entry.field, value: before?.value ?? null }, Date.now(), person);
      if (before) this.#backTo.set(written.id, before.id);
      return [written];
    });
  }
}
