import type { CustomPropertyDef } from "../../core/generated/records.ts";
import type { CustomProperty } from "../../mapping/custom-properties.ts";
import type { PropertyFields } from "../../mapping/destinations/property-fields.ts";
import type { PropertyTally } from "./property-tally.ts";

/** A field's type with what goes with it, and how many of the values seen it takes. */
export type InferredType = Pick<
  CustomProperty,
  "type" | "length" | "precision" | "scale" | "values" | "restricted"
> & { readonly fits: number };

/** Fewer fitting values than this, and the type is not believed, whoever says it. */
const believedShare = 0.9;

/** More different values than this are no list of choices, however often each comes. */
const choicesAtMost = 30;

/** A choice comes again and again; a name may come twice by chance. */
const repetition = 5;

const digitsAtMost = 18;

/** Digits of a number the destination can hold. */
type Digits = PropertyFields["digits"];

/** The type of a property by its definition where the values seen bear it out, else by the values. */
export function inferProperty(
  tally: PropertyTally,
  definition: CustomPropertyDef | undefined,
  digits: Digits,
): InferredType & { readonly from: "definition" | "values" } {
  const defined = definition && typeDefined(tally, definition, digits);
  if (defined !== undefined && believed(tally, defined)) return { ...defined, from: "definition" };
  return { ...typeSeen(tally, digits), from: "values" };
}

function believed({ seen }: PropertyTally, { fits }: InferredType): boolean {
  return fits >= seen * believedShare;
}

function typeDefined(
  tally: PropertyTally,
  definition: CustomPropertyDef,
  digits: Digits,
): InferredType | undefined {
  switch (definition.type) {
    case "text":
      return text(tally);
    case "long_text":
      return longText(tally);
    case "number":
      return number(tally, tally.decimals, digits);
    case "integer":
      return tally.decimals > 0 ? undefined : number(tally, 0, digits);
    case "boolean":
      return { type: "checkbox", fits: tally.booleans };
    case "date":
      return { type: "date", fits: tally.dates };
    case "datetime":
      return { type: "datetime", fits: tally.moments };
    case "url":
      return { type: "url", fits: tally.urls };
    case "picklist":
      return choices("choice", tally, definition.options);
    case "multi_picklist":
      return choices("multi_choice", tally, definition.options);
    default:
      return undefined;
  }
}

/** The narrowest type that takes nearly all values; a text takes every one. */
function typeSeen(tally: PropertyTally, digits: Digits): InferredType {
  const candidates: readonly (InferredType | undefined)[] = [
    { type: "checkbox", fits: tally.plainBooleans },
    number(tally, tally.decimals, digits),
    { type: "date", fits: tally.dates },
    { type: "datetime", fits: tally.moments },
    listSeen(tally),
    { type: "url", fits: tally.urls },
    choiceSeen(tally),
  ];
  const found = candidates.find((each) => each !== undefined && believed(tally, each));
  return (tally.seen > 0 ? found : undefined) ?? text(tally);
}

function number(
  { wholeDigits, numbers }: PropertyTally,
  scale: number,
  { whole, places }: Digits,
): InferredType | undefined {
  if (wholeDigits > whole || scale > places || wholeDigits + scale > digitsAtMost) return undefined;
  return { type: "number", precision: Math.min(digitsAtMost, whole + scale), scale, fits: numbers };
}

function text(tally: PropertyTally): InferredType {
  if (tally.maxLength > 255 || tally.multiline > 0) return longText(tally);
  return { type: "text", length: 255, fits: tally.seen };
}

function longText(tally: PropertyTally): InferredType {
  const length = tally.maxLength > 16_000 ? 131_072 : 32_768;
  return { type: "long_text", length, fits: tally.seen };
}

function choiceSeen({ values, seen }: PropertyTally): InferredType | undefined {
  if (values === undefined || values.size > choicesAtMost) return undefined;
  const names = [...values.keys()];
  if (seen < values.size * repetition || !names.every(choosable)) return undefined;
  return { type: "choice", values: names.sort(), restricted: false, fits: seen };
}

function listSeen({ members, lists }: PropertyTally): InferredType | undefined {
  if (members === undefined || members.size === 0) return undefined;
  const names = [...members.keys()];
  if (!names.every(choosable)) return undefined;
  return { type: "multi_choice", values: names.sort(), restricted: false, fits: lists };
}

/** The destination parts choices with semicolons, and a choice has 255 characters at most. */
function choosable(value: string): boolean {
  return value.length <= 255 && !/[;\r\n]/.test(value);
}

/** The choices as defined; a value that is none of them fits nowhere. */
function choices(
  type: "choice" | "multi_choice",
  tally: PropertyTally,
  options: readonly string[],
): InferredType | undefined {
  const values = [...new Set(options.map((option) => option.trim()))].filter((each) => each !== "");
  if (values.length === 0 || !values.every(choosable)) return undefined;
  const counted = type === "choice" ? tally.values : tally.members;
  if (counted === undefined) return undefined;
  const taken = [...counted].filter(([value]) => values.includes(value));
  const all = sum([...counted]);
  const total = type === "choice" ? tally.seen : tally.lists;
  // Of lists it is not known which held a wrong member: at worst one each.
  const fits = Math.max(0, total - (all - sum(taken)));
  return { type, values, restricted: true, fits };
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, times]) => total + times, 0);
}
