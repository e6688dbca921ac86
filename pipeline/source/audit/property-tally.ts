import { propertyReader } from "../../mapping/property-value.ts";

/** Distinct values kept; a list of choices longer than this is no list of choices. */
const distinctAtMost = 50;

/** What has been seen of one property's values, whatever their number: nothing here grows with it. */
export interface PropertyTally {
  /** Values that say something. */
  seen: number;
  booleans: number;
  /** Written as true and false only, not yes and no. */
  plainBooleans: number;
  numbers: number;
  wholeDigits: number;
  decimals: number;
  dates: number;
  moments: number;
  urls: number;
  lists: number;
  maxLength: number;
  multiline: number;
  /** How often each value was seen; undefined once there are too many. */
  values: Map<string, number> | undefined;
  /** The same of the members of lists. */
  members: Map<string, number> | undefined;
}

/** A tally of nothing yet. */
export function emptyTally(): PropertyTally {
  return {
    ...{ seen: 0, booleans: 0, plainBooleans: 0, numbers: 0, wholeDigits: 0, decimals: 0 },
    ...{ dates: 0, moments: 0, urls: 0, lists: 0, maxLength: 0, multiline: 0 },
    values: new Map(),
    members: new Map(),
  };
}

/** Years every destination takes. */
const years = [1753, 4000] as const;

const read = (type: "boolean" | "date" | "datetime") =>
  propertyReader({ name: "", type, required: false, audit: false }, { years });
const [booleanOf, dateOf, momentOf] = [read("boolean"), read("date"), read("datetime")];

// A leading zero means something that a number forgets.
const numberForm = /^-?(0|[1-9]\d*)(?:\.(\d+))?$/;

/** Counts one value; an empty one says nothing. */
export function count(tally: PropertyTally, value: string | null): void {
  const text = value?.trim() ?? "";
  if (text === "") return;
  tally.seen += 1;
  tally.maxLength = Math.max(tally.maxLength, text.length);
  if (/[\r\n]/.test(text)) tally.multiline += 1;
  if (booleanOf(text) !== undefined) tally.booleans += 1;
  if (/^(true|false)$/i.test(text)) tally.plainBooleans += 1;
  const number = numberForm.exec(text);
  if (number !== null) {
    tally.numbers += 1;
    tally.wholeDigits = Math.max(tally.wholeDigits, number[1]?.length ?? 0);
    tally.decimals = Math.max(tally.decimals, number[2]?.length ?? 0);
  }
  if (dateOf(text) !== undefined) tally.dates += 1;
  if (momentOf(text) !== undefined) tally.moments += 1;
  if (/^https?:\/\/\S+$/i.test(text) && text.length <= 255) tally.urls += 1;
  tally.values = noted(tally.values, text);
  const list = listOf(text);
  if (list === undefined) return;
  tally.lists += 1;
  for (const member of list) tally.members = noted(tally.members, member.trim());
}

function noted(
  kept: Map<string, number> | undefined,
  text: string,
): Map<string, number> | undefined {
  if (kept === undefined || text === "") return kept;
  kept.set(text, (kept.get(text) ?? 0) + 1);
  return kept.size > distinctAtMost ? undefined : kept;
}

function listOf(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const list = JSON.parse(text) as unknown[];
    return list.every((each) => typeof each === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
