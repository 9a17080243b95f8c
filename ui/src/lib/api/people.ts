/** What people add: names, notes and tags, as the OpenAPI document has them, with what it cannot say of a subject and of a value. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What an entry is about, by its natural key. */
export type Subject =
  | readonly ["call", app: string, call_id: string]
  | readonly ["user", user: string]
  | readonly ["room", app: string, product: string, room_id_type: string, room_id: string]
  | readonly ["note", id: string]
  | readonly ["view", id: string]
  | readonly ["schedule", id: string]
  | readonly ["team"];

/** Who wrote something. */
export type Writer = Schemas["Person"];

export type NoteRow = Omit<Schemas["NoteRow"], "on"> & { on: Subject };

/** One change of one field; `null` takes the value away. */
export interface Edit {
  subject: Subject;
  field: string;
  value: string | boolean | null;
}

export type EntryRow = Omit<Schemas["Entry"], keyof Edit> & Edit;
export type PersonRow = Schemas["PersonRow"];
/** What was said of one id. */
export type Contact = Schemas["ContactRow"];
export type PersonDetail = Omit<Schemas["PersonDetailRow"], "notes"> & { notes: NoteRow[] };
export type TagRow = Schemas["TagRow"];
export type TeamRow = Schemas["TeamRow"];
/** Whoever sits at this computer; `named` once that person said so. */
export type Me = Schemas["Me"];

/** Of which calls tags are changed: of all that a filter finds, or of these. */
export interface TagChange<Filter> {
  filter?: Filter;
  calls?: Schemas["CallKey"][];
  add: string[];
  remove: string[];
}

/** The notes of a detail, on what they are on. */
export interface OfDetail {
  notes: NoteRow[];
}
