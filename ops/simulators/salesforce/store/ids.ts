const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const suffixLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/** Instance and reserved characters that stand between key prefix and counter. */
const instance = "5g0";
const counterLength = 9;

/** An id taken apart: its key prefix, its counter and its 18-character spelling. */
export interface ParsedId {
  readonly prefix: string;
  readonly n: number;
  readonly id: string;
}

/** The 18-character id of the n-th row with a key prefix. */
export function idOf(prefix: string, n: number): string {
  let counter = "";
  for (let left = n, at = 0; at < counterLength; at++) {
    counter = digits[left % 62] + counter;
    left = Math.floor(left / 62);
  }
  return withChecksum(prefix + instance + counter);
}

/** Adds the three characters that keep an id apart from its neighbours where case is lost. */
export function withChecksum(id15: string): string {
  let suffix = "";
  for (let group = 0; group < 3; group++) {
    let bits = 0;
    for (let at = 0; at < 5; at++) {
      const code = id15.charCodeAt(group * 5 + at);
      if (code >= 65 && code <= 90) bits |= 1 << at;
    }
    suffix += suffixLetters[bits];
  }
  return id15 + suffix;
}

/** Whether a text has the form of an id: 15 characters, or 18 with the right checksum. */
export function isIdShaped(text: string): boolean {
  if (text.length !== 15 && text.length !== 18) return false;
  if (!/^[0-9A-Za-z]+$/.test(text)) return false;
  return text.length === 15 || withChecksum(text.slice(0, 15)) === text;
}

/** Takes an id of 15 or 18 characters apart; undefined when it is malformed. `n` is -1 for an id of another org. */
export function parseId(text: string): ParsedId | undefined {
  if (!isIdShaped(text)) return undefined;
  const id15 = text.slice(0, 15);
  const id = text.length === 18 ? text : withChecksum(id15);
  const prefix = id15.slice(0, 3);
  if (id15.slice(3, 6) !== instance) return { prefix, n: -1, id };
  let n = 0;
  for (let at = 6; at < 15; at++) n = n * 62 + digits.indexOf(id15.charAt(at));
  return { prefix, n, id };
}
