/** Parsed JSON that still knows the text of each of its objects. */
export interface LosslessJson {
  readonly value: unknown;
  /** The object as received, byte for byte; the whole text for a value that is not an object of it. */
  textOf(value: unknown): string;
}

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const deepest = 200;

/**
 * Parses JSON without loss: a number a double would change (an int64 id, `2116.0`) stays a string
 * of its digits. Throws SyntaxError for anything that is not one whole JSON value.
 */
export function parseLossless(text: string): LosslessJson {
  const reader = new Reader(text);
  const value = reader.whole();
  return {
    value,
    textOf(part) {
      const span = reader.spans.get(part as object);
      return span === undefined ? text : text.slice(span[0], span[1]);
    },
  };
}

class Reader {
  readonly spans = new Map<object, readonly [from: number, to: number]>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value(0);
    this.#skip();
    if (this.#at !== this.#text.length) this.#fail();
    return value;
  }

  #value(depth: number): unknown {
    if (depth > deepest) this.#fail();
    this.#skip();
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object(depth);
      case 0x5b:
        return this.#array(depth);
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): object {
    const from = this.#at;
    const object: Record<string, unknown> = {};
    this.#at += 1;
    if (this.#next() !== 0x7d) {
      do {
        if (this.#next() !== 0x22) this.#fail();
        const key = this.#string();
        if (this.#next() !== 0x3a) this.#fail();
        this.#at += 1;
        const value = this.#value(depth + 1);
        // As a plain assignment it would set the prototype and vanish.
        if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true });
        else object[key] = value;
      } while (this.#more(0x7d));
    }
    this.#at += 1;
    this.spans.set(object, [from, this.#at]);
    return object;
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    if (this.#next() !== 0x5d) {
      do array.push(this.#value(depth + 1));
      while (this.#more(0x5d));
    }
    this.#at += 1;
    return array;
  }

  /** True behind a comma, false at the closing character. */
  #more(close: number): boolean {
    const code = this.#next();
    if (code === close) return false;
    if (code !== 0x2c) this.#fail();
    this.#at += 1;
    return true;
  }

  /** Most strings hold no escape and end at the next quote; the others are left to JSON.parse. */
  #string(): string {
    const from = this.#at;
    let end = this.#text.indexOf('"', from + 1);
    if (end < 0) this.#fail();
    const plain = this.#text.slice(from + 1, end);
    if (!plain.includes("\\")) {
      this.#at = end + 1;
      return plain;
    }
    while (this.#escaped(end, from)) {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) this.#fail();
    }
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(from, end + 1)) as string;
  }

  #escaped(quote: number, from: number): boolean {
    let slashes = 0;
    while (quote - 1 - slashes > from && this.#text.charCodeAt(quote - 1 - slashes) === 0x5c) {
      slashes += 1;
    }
    return slashes % 2 === 1;
  }

  #number(): number | string {
    number.lastIndex = this.#at;
    const found = number.exec(this.#text);
    if (found === null) return this.#fail();
    const [text] = found;
    this.#at += text.length;
    const value = Number(text);
    return String(value) === text ? value : text;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #next(): number {
    const code = this.#text.charCodeAt(this.#at);
    if (code > 0x20) return code;
    this.#skip();
    return this.#text.charCodeAt(this.#at);
  }

  #skip(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
  }

  #fail(): never {
    throw new SyntaxError(`No JSON at character ${this.#at} of ${this.#text.length}.`);
  }
}
