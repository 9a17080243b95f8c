import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { ContactField, ContactsPreview, MappedColumn } from "../api/types";
import { Latest } from "../live/latest";
import { text } from "../text";
import { asked, type Kind, mapped, MOST_BYTES } from "./importing";
import { writing } from "./writing.svelte";

/** What the other rows become where one is refused. */
export type IfRefused = "others" | "none";

/**
 * A file of contacts from the moment that it is chosen until it is taken in. Calltrail keeps nothing of it meanwhile: its bytes are
 * here, and go along with every question.
 */
class ContactsImport {
  /** What the file is called; undefined as long as there is none. */
  name = $state<string>();
  mapping = $state.raw<readonly MappedColumn[]>([]);
  preview = $state.raw<ContactsPreview>();
  problem = $state.raw<Problem>();
  /** True while it is looked at. */
  reading = $state(false);
  ifRefused = $state<IfRefused>("others");
  /** Which rows are shown, where somebody chose. */
  kind = $state<Kind>();

  #bytes: ArrayBuffer | undefined;
  #latest = new Latest();

  /** Looks at a file; its columns are guessed. */
  async choose(file: File): Promise<void> {
    this.forget();
    this.name = file.name;
    if (file.size > MOST_BYTES) {
      this.problem = Problem.read(400, { code: "bad_request", problem: { code: "contacts_unreadable", why: { code: "too_large" } } });
      return;
    }
    const seen = await this.#look(async (signal) => {
      const bytes = await bytesOf(file);
      if (!signal.aborted) this.#bytes = bytes;
      return api.previewContacts(bytes, undefined, signal);
    });
    if (seen) this.mapping = seen.mapping;
  }

  /** Looks at it again with another column for a field. */
  async map(field: ContactField, column: number | undefined): Promise<void> {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    this.mapping = mapped(this.mapping, field, column);
    await this.#look((signal) => api.previewContacts(bytes, asked(this.mapping), signal));
  }

  /** Takes it in. Why that did not work, or was not wanted, is thrown. */
  async take(): Promise<void> {
    if (this.#bytes === undefined) return;
    const none = this.ifRefused === "none";
    const { counts } = await writing.importContacts(this.#bytes, asked(this.mapping), none);
    if (none && counts.refused > 0) throw new Problem("", text.contacts.nothing(counts.refused));
  }

  forget(): void {
    this.#latest.giveUp();
    this.#bytes = this.name = this.preview = this.problem = this.kind = undefined;
    this.mapping = [];
    this.reading = false;
    this.ifRefused = "others";
  }

  async #look(ask: (signal: AbortSignal) => Promise<ContactsPreview>): Promise<ContactsPreview | undefined> {
    this.reading = true;
    this.problem = undefined;
    const outcome = await this.#latest.ask(ask);
    if (outcome === undefined) return undefined;
    this.reading = false;
    this.problem = outcome.problem;
    // Which columns there are stays in sight where they cannot be taken so.
    if (outcome.answer) this.preview = outcome.answer;
    return outcome.answer;
  }
}

/** A file may be gone by now, or be another program's. */
async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Problem("", text.contacts.unread);
  }
}

export const contactsImport = new ContactsImport();
export type { ContactsImport };
