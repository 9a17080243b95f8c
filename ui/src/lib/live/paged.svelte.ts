import type { PageRequest } from "../api/client";
import { isAbort, Problem } from "../api/problem";
import type { Page } from "../api/types";
import { changes } from "./changes.svelte";
import { pageOfRow, type ReadPage, replacePage } from "./pages";
import { GAP_MS } from "./query.svelte";

/** Rows of a page. */
export const PAGE = 200;
/** More rows than this are not loaded: nobody scrolls that far, and the list says so. */
export const MOST_ROWS = 100_000;

type Ask<Request, Row> = (request: Request, page: PageRequest, signal: AbortSignal) => Promise<Page<Row>>;

/** A long list that is read page by page while somebody scrolls, and stays current: the newest page and the visible ones are asked again. */
export class PagedList<Request, Row> {
  rows = $state.raw<Row[]>([]);
  /** How many rows the request finds in all; undefined before the first answer. */
  total = $state<number>();
  /** True once the newest request was answered. */
  ready = $state(false);
  /** True while the rows of an earlier request are still on screen. */
  stale = $state(false);
  more = $state(false);
  problem = $state.raw<Problem>();

  #ask: Ask<Request, Row>;
  #key: (row: Row) => string;
  #request: Request | undefined;
  #pages: ReadPage<Row>[] = [];
  #life = new AbortController();
  #busy = false;
  #wantsMore = false;
  #askedAt = -Infinity;
  #again: ReturnType<typeof setTimeout> | undefined;
  #visible = { first: 0, last: 0 };

  constructor(ask: Ask<Request, Row>, key: (row: Row) => string) {
    this.#ask = ask;
    this.#key = key;
  }

  /** Lists something else, from its newest rows on. */
  want(request: Request): void {
    this.#giveUp();
    this.#request = request;
    this.#visible = { first: 0, last: 0 };
    this.stale = true;
    void this.#read(async (signal) => {
      const page = await this.#ask(request, { limit: PAGE, total: true }, signal);
      this.#show([{ cursor: undefined, rows: page.rows, next: page.next }], page.total);
      this.ready = true;
      this.stale = false;
    });
  }

  /** Which rows can be seen; reads the next page when their end comes near. */
  look(first: number, last: number): void {
    this.#visible = { first, last };
    if (last + PAGE / 2 >= this.rows.length) this.readMore();
  }

  readMore(): void {
    const end = this.#pages.at(-1);
    if (!end?.next || this.rows.length >= MOST_ROWS) return;
    if (this.#busy) {
      this.#wantsMore = true;
      return;
    }
    const cursor = end.next;
    void this.#read(async (signal) => {
      const page = await this.#ask(this.#wanted(), { cursor, limit: PAGE }, signal);
      this.#show([...this.#pages, { cursor, rows: page.rows, next: page.next }]);
    });
  }

  /** The record changed: asks for what is on screen again, soon, but not more often than every half second. */
  changed(): void {
    if (this.#request === undefined || this.#again !== undefined) return;
    const wait = Math.max(0, this.#askedAt + GAP_MS - performance.now());
    this.#again = setTimeout(() => {
      this.#again = undefined;
      if (this.#busy) return this.changed();
      void this.#read((signal) => this.#refresh(signal));
    }, wait);
  }

  /** Asks once more after a failure. */
  retry(): void {
    if (this.#request !== undefined) this.want(this.#request);
  }

  follow(): () => void {
    const leave = changes.follow(() => this.changed());
    return () => {
      leave();
      this.#giveUp();
    };
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const request = this.#wanted();
    const head = await this.#ask(request, { limit: this.#limit(0), total: true }, signal);
    let pages = replacePage(this.#pages, 0, { cursor: undefined, rows: head.rows, next: head.next }, this.#key);
    const seen = [pageOfRow(this.#pages, this.#visible.first), pageOfRow(this.#pages, this.#visible.last)];
    const cursors = seen.map((index) => this.#pages[index]?.cursor);
    for (const cursor of cursors.filter((one, i) => cursors.indexOf(one) === i)) {
      const index = pages.findIndex((page) => page.cursor === cursor);
      if (cursor === undefined || index < 1) continue;
      const page = await this.#ask(request, { cursor, limit: this.#limit(index) }, signal);
      pages = replacePage(pages, index, { cursor, rows: page.rows, next: page.next }, this.#key);
    }
    // Where more came in than one page holds, what somebody looks at is read again up to where it was.
    while (count(pages) < Math.min(this.#visible.last, this.rows.length)) {
      const cursor = pages.at(-1)?.next;
      if (!cursor) break;
      const page = await this.#ask(request, { cursor, limit: 1000 }, signal);
      pages = [...pages, { cursor, rows: page.rows, next: page.next }];
    }
    this.#show(pages, head.total);
  }

  /** Rows to ask for so that a page that has grown still reaches the one below it. */
  #limit(index: number): number {
    const page = this.#pages[index];
    return page === undefined || this.#pages.length === index + 1 ? PAGE : Math.min(1000, page.rows.length + PAGE);
  }

  #show(pages: ReadPage<Row>[], total?: number | null): void {
    this.#pages = pages;
    this.rows = pages.flatMap((page) => page.rows);
    this.more = Boolean(pages.at(-1)?.next) && this.rows.length < MOST_ROWS;
    if (total !== undefined && total !== null) this.total = total;
  }

  async #read(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const life = this.#life;
    this.#busy = true;
    this.#askedAt = performance.now();
    try {
      await work(life.signal);
      if (life === this.#life) this.problem = undefined;
    } catch (cause) {
      if (life === this.#life && !isAbort(cause)) this.problem = Problem.from(cause);
    }
    if (life !== this.#life) return;
    this.#busy = false;
    if (this.#wantsMore) {
      this.#wantsMore = false;
      this.readMore();
    }
  }

  #wanted(): Request {
    if (this.#request === undefined) throw new Problem("", "Nothing is listed.");
    return this.#request;
  }

  #giveUp(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#life.abort();
    this.#life = new AbortController();
    this.#busy = this.#wantsMore = false;
  }
}

function count(pages: readonly ReadPage<unknown>[]): number {
  return pages.reduce((sum, page) => sum + page.rows.length, 0);
}
