import type { Environment } from "../environment.ts";
import { asGuid, newGuid } from "../identifier.ts";
import type { ChoiceDef, ColumnDef, ColumnType, OptionDef } from "../model.ts";
import { segmentsOf } from "../web/address.ts";
import { ApiError } from "../web/api-error.ts";
import type { Segment } from "../web/call.ts";
import type { Sent } from "./column-from.ts";
import { noDefinition } from "./item.ts";
import { textOfLabel } from "./labels.ts";
import { firstOptionValue } from "./names.ts";

/** Where a choice is meant. */
interface Place {
  readonly table: string;
  readonly column: string;
  readonly type: ColumnType;
  readonly sent: Sent;
}

/** The choices of a new column: its own, or (by bind or by name) a global one. */
export function choiceFrom(env: Environment, place: Place): Partial<ColumnDef> {
  const { type, sent } = place;
  if (type !== "picklist" && type !== "multiselect" && type !== "boolean") return {};
  const bound = sent["GlobalOptionSet@odata.bind"];
  if (typeof bound === "string") return { globalChoice: boundChoice(env, bound).name };
  const set = (sent["OptionSet"] ?? {}) as Sent;
  if (set["IsGlobal"] === true) {
    const known = env.model.choice(String(set["Name"]));
    if (known === undefined) throw noDefinition();
    return { globalChoice: known.name };
  }
  const options =
    type === "boolean" ? booleanOptions(set) : optionsFrom(env, place.column, set["Options"]);
  return { choice: ownChoice(place, options) };
}

function ownChoice({ table, column }: Place, options: readonly OptionDef[]): ChoiceDef {
  return {
    metadataId: newGuid(),
    name: `${table}_${column.toLowerCase()}`,
    isGlobal: false,
    custom: true,
    options,
  };
}

function boundChoice(env: Environment, text: string): ChoiceDef {
  const path = text.replace(/^https?:\/\/[^/]*/i, "").replace(/^\/?api\/data\/v9\.\d\//, "");
  const [segment] = segmentsOf(path);
  const found = segment === undefined ? undefined : globalChoice(env, segment);
  if (found === undefined) throw noDefinition();
  return found;
}

/** The global choice an address names, by id or name. */
export function globalChoice(env: Environment, segment: Segment): ChoiceDef | undefined {
  const named = segment.key?.["Name"]?.text;
  if (named !== undefined) return env.model.choice(named);
  const id = asGuid(segment.key?.[""]?.text ?? segment.key?.["MetadataId"]?.text ?? "");
  return env.model.choices.find((one) => one.metadataId === id);
}

function booleanOptions(set: Sent): OptionDef[] {
  const label = (name: string, usual: string): string =>
    textOfLabel((set[name] as Sent | undefined)?.["Label"]) ?? usual;
  return [
    { value: 1, label: label("TrueOption", "Yes") },
    { value: 0, label: label("FalseOption", "No") },
  ];
}

/** Options as they were sent; those without a value get the next one of the publisher. */
export function optionsFrom(env: Environment, name: string, sent: unknown): OptionDef[] {
  const options: OptionDef[] = [];
  for (const one of (Array.isArray(sent) ? sent : []) as Sent[]) {
    const value = one["Value"] ?? nextValue(env, name, options);
    if (
      typeof value !== "number" ||
      !Number.isInteger(value) ||
      options.some((each) => each.value === value)
    )
      throw invalidOption(`The value '${String(value)}' is not valid or there twice.`);
    const color = one["Color"];
    options.push({
      value,
      label: textOfLabel(one["Label"]) ?? "",
      ...(typeof color === "string" ? { color } : {}),
    });
  }
  return options;
}

/** The next free custom value of a choice. */
export function nextValue(env: Environment, name: string, options: readonly OptionDef[]): number {
  const first = firstOptionValue(env, name);
  const taken = options.map(({ value }) => value).filter((value) => value >= first);
  return taken.length === 0 ? first : Math.max(...taken) + 1;
}

/** 400: a choice cannot be changed like that. */
export function invalidOption(message: string): ApiError {
  return new ApiError(400, "0x80048403", message);
}
