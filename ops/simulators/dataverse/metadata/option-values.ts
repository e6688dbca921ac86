import type { OptionDef } from "../model.ts";
import { badArgument } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { invalidOption, nextValue } from "./choice-from.ts";
import { noDefinition } from "./item.ts";
import { textOfLabel } from "./labels.ts";
import { customize } from "./lock.ts";
import { returned, sentIn } from "./made.ts";

/** The options an action is about, and how to put others in their place. */
interface Options {
  readonly name: string;
  readonly all: readonly OptionDef[];
  put(options: readonly OptionDef[]): void;
}

/** A global choice by its name, or that of a column. */
function optionsIn({ env, body }: Call): Options {
  const { OptionSetName, EntityLogicalName, AttributeLogicalName } = body as Record<
    string,
    unknown
  >;
  const table = env.model.table(String(EntityLogicalName));
  const column = table?.columns.find((one) => one.logicalName === AttributeLogicalName);
  const global = env.model.choice(String(OptionSetName ?? column?.globalChoice));
  if (global !== undefined) {
    const put = (options: readonly OptionDef[]): void =>
      env.model.putChoice({ ...global, options });
    return { name: global.name, all: global.options, put };
  }
  const own = column?.choice;
  if (table === undefined || column === undefined || own === undefined) throw noDefinition();
  return {
    name: column.schemaName,
    all: own.options,
    put(options) {
      const changed = { ...column, choice: { ...own, options } };
      const columns = table.columns.map((one) => (one === column ? changed : one));
      env.model.putTable({ ...table, columns });
    },
  };
}

function known(options: Options, value: unknown): OptionDef {
  const found = options.all.find((one) => one.value === value);
  if (found === undefined) throw invalidOption(`The option value ${String(value)} is not there.`);
  return found;
}

/** InsertOptionValue, and InsertStatusValue with its state. */
export function insertOption(call: Call): Reply {
  return customize(call, () => {
    const { Value, Label, StateCode, Color } = sentIn(call);
    const options = optionsIn(call);
    const value = Value ?? nextValue(call.env, options.name, options.all);
    if (typeof value !== "number" || options.all.some((one) => one.value === value))
      throw invalidOption(`The option value ${String(value)} is there already.`);
    const option: OptionDef = {
      value,
      label: textOfLabel(Label) ?? "",
      ...(typeof StateCode === "number" ? { state: StateCode } : {}),
      ...(typeof Color === "string" ? { color: Color } : {}),
    };
    options.put([...options.all, option]);
    return returned(call, { NewOptionValue: value });
  });
}

/** UpdateOptionValue: a new label. */
export function updateOption(call: Call): Reply {
  return customize(call, () => {
    const { Value, Label } = sentIn(call);
    const options = optionsIn(call);
    const before = known(options, Value);
    const changed = { ...before, label: textOfLabel(Label) ?? before.label };
    options.put(options.all.map((one) => (one === before ? changed : one)));
    return { status: 204 };
  });
}

/** DeleteOptionValue: rows keep the value they have. */
export function deleteOption(call: Call): Reply {
  return customize(call, () => {
    const options = optionsIn(call);
    const gone = known(options, sentIn(call)["Value"]);
    options.put(options.all.filter((one) => one !== gone));
    return { status: 204 };
  });
}

/** OrderOption: all values in their new order. */
export function orderOptions(call: Call): Reply {
  return customize(call, () => {
    const { Values } = sentIn(call);
    const options = optionsIn(call);
    if (!Array.isArray(Values) || Values.length !== options.all.length)
      throw badArgument("The new order must name every value.");
    options.put((Values as unknown[]).map((value) => known(options, value)));
    return { status: 204 };
  });
}
