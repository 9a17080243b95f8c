import { recall, remember } from "../memory";
import { text } from "../text";
import { arranged, type Choice, moved, readChoice, UNCHANGED, writeChoice } from "./choice";
import { type Column, fitting, granted, LEAST, type Measures, most, needed, type Sized, template } from "./columns";

/** The columns of a list as they stand: in the order and width that a person chose, those for which there is room. */
export class Arrangement<Row> {
  /** Of the list, in pixels. */
  available = $state(0);
  /** Before anything can be measured nothing has a width of its own. */
  measures = $state.raw<Measures>({ title: () => 0, cell: () => 0 });
  /** What was done last, for those who do not see it. */
  told = $state("");

  #name: string;
  #columns: readonly Column<Row>[];
  #choice = $state.raw<Choice>(UNCHANGED);

  /** All columns, hidden ones too, in their order. */
  readonly all = $derived.by(() => arranged(this.#columns, this.#choice.order));
  readonly #sized = $derived.by(() => this.all.filter(({ key }) => !this.isHidden(key)).map((column) => this.#size(column)));
  readonly shown: readonly Sized[] = $derived.by(() => granted(fitting(this.#sized, this.available), this.available));
  /** The columns that are seen, as they are described: no cell is made anew because its column became wider. */
  readonly visible = $derived.by(() => this.all.filter(({ key }) => this.isVisible(key)));
  readonly grid = $derived.by(() => template(this.shown));
  readonly isChanged = $derived.by(() => writeChoice(this.#choice) !== "");

  /** `name` is what the choice is remembered by. */
  constructor(name: string, columns: readonly Column<Row>[]) {
    this.#name = `columns.${name}`;
    this.#columns = columns;
    this.#choice = readChoice(recall(this.#name));
  }

  /** True where a person hid the column. */
  isHidden(key: string): boolean {
    return this.#choice.shown[key] === false && !this.#column(key)?.about;
  }

  /** False also where there is no room for it. */
  isVisible(key: string): boolean {
    return this.shown.some((one) => one.key === key);
  }

  /**
   * Hides a column that is seen, and shows one that is not. Where a column has no room a person asks for it, and others leave;
   * asking again for one that has no room even so gives it up.
   */
  toggle(key: string): void {
    const isGivenUp = this.isVisible(key) || this.#choice.shown[key] === true;
    this.#choose({ shown: { ...this.#choice.shown, [key]: !isGivenUp } });
    const { hidden, shown, noRoom } = text.columns.told;
    this.told = (isGivenUp ? hidden : this.isVisible(key) ? shown : noRoom)(this.#title(key));
  }

  /** Puts a column in the place of another one. */
  move(key: string, place: string): void {
    this.#choose({
      order: moved(
        this.all.map((column) => column.key),
        key,
        place,
      ),
    });
    const at = this.all.findIndex((column) => column.key === key);
    this.told = text.columns.told.moved(this.#title(key), at + 1, this.all.length);
  }

  /** Gives a column another width, as far as there is room, while others keep these widths. */
  resize(key: string, width: number, keep: Readonly<Record<string, number>> = {}): void {
    const others = this.shown.map((column) => ({ ...column, width: keep[column.key] ?? column.width }));
    const fit = Math.round(Math.max(LEAST, Math.min(width, most(others, key, this.available))));
    this.#choose({ widths: { ...this.#choice.widths, ...keep, [key]: fit } });
  }

  /** Says how wide a column is now. */
  tellWidth(key: string): void {
    const width = this.#choice.widths[key];
    if (width !== undefined) this.told = text.columns.told.sized(this.#title(key), width);
  }

  /** How wide a column must be for its title and for the words that it may have. */
  wordsOf(key: string): number {
    const column = this.#column(key);
    return column === undefined ? 0 : needed({ ...column, width: 0 }, this.measures);
  }

  /** Everything as it is described. */
  reset(): void {
    this.#choose(UNCHANGED);
    this.told = text.columns.told.reset;
  }

  /** What is chosen now; the answered function goes back to it. */
  keep(): () => void {
    const before = this.#choice;
    return () => this.#choose(before);
  }

  #column(key: string): Column<Row> | undefined {
    return this.#columns.find((one) => one.key === key);
  }

  #title(key: string): string {
    return this.#column(key)?.title ?? "";
  }

  #size(column: Column<Row>): Sized {
    const { key, share, leaves, about } = column;
    const [wish, asked] = [this.#choice.widths[key], this.#choice.shown[key] === true];
    const own = needed(column, this.measures);
    return { key, leaves, about, asked, ...(wish === undefined ? { width: own, share } : { width: Math.min(own, wish), wish }) };
  }

  #choose(change: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...change };
    remember(this.#name, writeChoice(this.#choice));
  }
}
