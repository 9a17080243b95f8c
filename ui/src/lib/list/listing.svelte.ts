import { untrack } from "svelte";

import type { Filter } from "../api/types";
import { filterOf, readView, soughtIn } from "../filter/view";
import { now } from "../live/now.svelte";
import { sameOrNew } from "../live/same.svelte";
import { route } from "../route.svelte";
import { LongList, type Source } from "./long.svelte";
import { Selection } from "./selection.svelte";

/** What the screens of all lists share: what is listed, which row is marked, and which is open. It is made while a screen is set up. */
export class Listing<Row> {
  readonly list: LongList<Filter, Row>;
  /** Rows that something is done with together, where a list has such a thing. */
  readonly selection: Selection<Filter, Row>;
  /** What the address says that is shown. */
  readonly view = $derived(readView(route.params));
  readonly sought = $derived(soughtIn(this.view));
  /** The key of the row that is marked. */
  selected = $state<string>();

  #filter = sameOrNew(() => filterOf(this.view, now.today));
  #open = sameOrNew(() => route.params.get("open") ?? undefined);

  constructor(source: Source<Filter, Row>) {
    this.list = new LongList(source);
    this.selection = new Selection(this.list);
    $effect(() => this.list.want(this.filter));
    $effect(() => this.list.follow());
    // Rows that another filter hides would be changed unseen.
    $effect(() => {
      void this.filter;
      untrack(() => this.selection.clear());
    });
    $effect(() => {
      if (this.open !== undefined) this.selected = this.open;
    });
  }

  /** What the API is asked. */
  get filter(): Filter {
    return this.#filter.value;
  }

  /** The key of what is open. */
  get open(): string | undefined {
    return this.#open.value;
  }

  /** Marks a row; what is open follows the mark. */
  select(key: string): void {
    this.selected = key;
    if (this.open !== undefined) route.open(key);
  }
}
