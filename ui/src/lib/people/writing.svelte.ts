import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { CaseChange, FollowUpSettings } from "../api/cases";
import type { ContactsImported, Edit, EntryRow, Filter, NoteRow, Subject, TagChange } from "../api/types";
import { text } from "../text";
import { myself } from "./me.svelte";

/** Something that was done here, and what takes it back. */
interface Deed {
  words: string;
  /** Answers what was written for it: nothing where that is no longer there to be taken back. */
  undo: () => Promise<readonly EntryRow[]>;
}

/** So many changes can be taken back, one after the other. */
const MOST = 50;

const idsOf = (entries: readonly EntryRow[]) => entries.map(({ id }) => id);
/** Writes what held before these entries; nothing where nothing was written. */
const undoOf = (ids: string[]) => (ids.length === 0 ? undefined : () => api.undo(ids));

/**
 * Everything that is written from this window: each change says what was done, and can be taken back. Where it does not work, that is
 * said in the same place; what was asked answers false, so that nothing that was typed is thrown away.
 */
class Writing {
  /** What is said of the last change. */
  told = $state("");
  problem = $state.raw<Problem>();
  /** Changes with every message, so that two alike are told twice. */
  turn = $state(0);

  #deeds = $state.raw<readonly Deed[]>([]);
  readonly canUndo = $derived.by(() => this.#deeds.length > 0);
  #isUndone = $state(false);
  /** True where what is told is what an undo would take back. */
  readonly offersUndo = $derived.by(() => this.canUndo && !this.#isUndone && this.problem === undefined);

  /** Writes these changes together. */
  write(edits: Edit[], words: string): Promise<boolean> {
    return this.#do(words, async () => undoOf(idsOf(await api.write(edits))));
  }

  addNote(on: Subject, body: string): Promise<boolean> {
    return this.#do(text.notes.told.added, async () => {
      const note = await api.addNote(on, body);
      return () => api.write([{ subject: ["note", note.id], field: "deleted", value: true }]);
    });
  }

  editNote(note: NoteRow, body: string): Promise<boolean> {
    return this.write([{ subject: ["note", note.id], field: "text", value: body }], text.notes.told.edited);
  }

  removeNote(note: NoteRow): Promise<boolean> {
    return this.write([{ subject: ["note", note.id], field: "deleted", value: true }], text.notes.told.removed);
  }

  /** Tags of many calls, in one step. */
  tagCalls(change: TagChange<Filter>, words: string): Promise<boolean> {
    return this.#do(words, async () => undoOf(await api.tagCalls(change)));
  }

  renameTag(from: string, to: string): Promise<boolean> {
    return this.#do(text.notes.told.renamed(from, to), async () => undoOf(await api.renameTag(from, to)));
  }

  /** What is written of cases, in one step. */
  setCases(change: CaseChange, words: string): Promise<boolean> {
    return this.#do(words, async () => undoOf(await api.setCases(change)));
  }

  /** What counts as missed. It fails where it could not be kept: the dialog that asks for it says why. */
  async saveFollowUp(settings: FollowUpSettings): Promise<void> {
    if (!(await this.#do(text.followUp.told.settings, async () => undoOf(await api.saveFollowUpSettings(settings))))) throw this.problem ?? new Error();
  }

  /** Contacts of a file, in one step. What went wrong is thrown: the dialog that asked lies above the message, and says it itself. */
  async importContacts(file: ArrayBuffer, map: string, allOrNone: boolean): Promise<ContactsImported> {
    await myself.ready();
    const imported = await api.importContacts(file, map, allOrNone);
    const { ids, counts } = imported;
    if (ids.length > 0) this.#did(text.contacts.told(counts.new + counts.changed, counts.refused), undoOf(ids));
    else if (!allOrNone || counts.refused === 0) this.#did(text.contacts.known, undefined);
    return imported;
  }

  /** Takes the last change back. */
  async undo(): Promise<void> {
    const deed = this.#deeds.at(-1);
    if (deed === undefined) return;
    this.#deeds = this.#deeds.slice(0, -1);
    try {
      const { undone, nothing } = text.undo;
      const written = await deed.undo();
      this.#say((written.length > 0 ? undone : nothing)(deed.words));
      this.#isUndone = true;
    } catch (cause) {
      this.#deeds = [...this.#deeds, deed];
      this.#fail(cause);
    }
  }

  /** Drops what could be taken back: it was done to a record that is no longer shown. */
  forget(): void {
    this.#deeds = [];
    this.dismiss();
  }

  dismiss(): void {
    this.told = "";
    this.problem = undefined;
  }

  async #do(words: string, write: () => Promise<Deed["undo"] | undefined>): Promise<boolean> {
    try {
      await myself.ready();
      this.#did(words, await write());
      return true;
    } catch (cause) {
      this.#fail(cause);
      return false;
    }
  }

  #did(words: string, undo: Deed["undo"] | undefined): void {
    if (undo) this.#deeds = [...this.#deeds, { words, undo }].slice(-MOST);
    this.#say(words);
    this.#isUndone = undo === undefined;
  }

  #say(words: string): void {
    this.told = words;
    this.problem = undefined;
    this.turn += 1;
  }

  #fail(cause: unknown): void {
    this.problem = Problem.from(cause);
    this.told = "";
    this.turn += 1;
  }
}

export const writing = new Writing();
export type { Writing };
