import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Where a value stands: tens of thousands of rows in hand have one each, so it holds no more than that. */
export interface Place {
  readonly segment: Segment;
  readonly at: number;
  readonly length: number;
}

/** Bytes of a segment, and bytes gathered before they are written. */
const segmentBytes = 32 * 1024 * 1024;
const gatherBytes = 256 * 1024;

/**
 * Values that wait on disk, so that tens of thousands of rows in hand cost memory for their places
 * only. Append-only segments; a cache of what the topics hold, made anew at each start.
 */
export class Spool {
  readonly #folder: string;
  #segment: Segment | undefined;
  #count = 0;

  constructor(folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  /** Takes a value; its buffer is not kept. */
  append(value: Buffer): Place {
    if (this.#segment === undefined || this.#segment.size >= segmentBytes) {
      this.#segment?.seal();
      this.#count += 1;
      this.#segment = new Segment(join(this.#folder, `${this.#count}.spool`));
    }
    return this.#segment.append(value);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One file of the spool; removed when it is full and every value in it has been released. */
export class Segment {
  readonly #path: string;
  readonly #file: number;
  #gathered = Buffer.allocUnsafeSlow(gatherBytes);
  #written = 0;
  #pending = 0;
  #live = 0;
  #sealed = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "w+", 0o600);
  }

  get size(): number {
    return this.#written + this.#pending;
  }

  append(value: Buffer): Place {
    if (this.#pending + value.length > this.#gathered.length) this.#flush();
    const at = this.size;
    if (value.length > this.#gathered.length) this.#write(value);
    else {
      value.copy(this.#gathered, this.#pending);
      this.#pending += value.length;
    }
    this.#live += 1;
    return { segment: this, at, length: value.length };
  }

  read({ at, length }: Omit<Place, "segment">): Buffer {
    const value = Buffer.allocUnsafe(length);
    if (at >= this.#written) {
      const from = at - this.#written;
      this.#gathered.copy(value, 0, from, from + length);
      return value;
    }
    for (let read = 0; read < length; ) {
      read += readSync(this.#file, value, read, length - read, at + read);
    }
    return value;
  }

  /** Nobody reads one of its values again. */
  release(): void {
    this.#live -= 1;
    this.#removeIfDone();
  }

  /** Nothing is appended any more. */
  seal(): void {
    this.#flush();
    this.#gathered = Buffer.alloc(0);
    this.#sealed = true;
    this.#removeIfDone();
  }

  #flush(): void {
    this.#write(this.#gathered.subarray(0, this.#pending));
    this.#pending = 0;
  }

  #write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#written += bytes.length;
  }

  #removeIfDone(): void {
    if (!this.#sealed || this.#live > 0) return;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }
}
