import type { Cursor } from "../core/generated/records.ts";
import type { PageState } from "./paginator.ts";

/** What each lane's cursor holds; saved as JSON in the transaction of the records it covers. */
export interface CursorStates {
  /** The feed's own token: first through the snapshot, then behind what is new. */
  fast: {
    readonly state: PageState;
    /** The snapshot has been read to its end. */
    readonly ended: boolean;
    /** Rows the snapshot has had so far. */
    readonly rows: number;
    /** The server's clock when the snapshot's first request was started. */
    readonly begunAt: number;
  };
  /** The server's clock up to which everything has been read; the next scan begins a lookback before it. */
  full: { readonly watermark: number };
  /** The server's clock when the last census began. */
  census: { readonly begunAt: number };
  /** Rows to be read again by id. */
  reread: { readonly ids: readonly string[] };
  /** Rows whose bytes could not be fetched: asked for again with every full scan. */
  files: { readonly ids: readonly string[] };
  /** stream = order id: it has been carried out; ids we do not hold could not be. */
  orders: { readonly done: true; readonly unknown: readonly string[] };
}

/** One of the lanes. */
export type Lane = keyof CursorStates;

/** The newest cursors, by stream and lane. */
export class Cursors {
  readonly #states = new Map<string, string>();

  /** Takes a record of the cursor topic. */
  apply({ stream, lane, state }: Pick<Cursor, "stream" | "lane" | "state">): void {
    this.#states.set(`${stream}|${lane}`, state);
  }

  get<L extends Lane>(stream: string, lane: L): CursorStates[L] | undefined {
    const text = this.#states.get(`${stream}|${lane}`);
    return text === undefined ? undefined : (JSON.parse(text) as CursorStates[L]);
  }

  /** Whether saying this would say something new. */
  differs<L extends Lane>(stream: string, lane: L, state: CursorStates[L]): boolean {
    return this.#states.get(`${stream}|${lane}`) !== JSON.stringify(state);
  }

  /** Whether an order has been carried out. */
  orderDone(order: string): boolean {
    return this.#states.has(`${order}|orders`);
  }
}
