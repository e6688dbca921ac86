import type { ColumnDef, ColumnType, OptionDef, RequiredLevel } from "../model.ts";

/** A column on its way into a table. */
export type ColumnDraft = Omit<ColumnDef, "metadataId" | "logicalName" | "choice"> & {
  readonly options?: readonly OptionDef[];
};

/** What a column may say beyond its type. */
export type ColumnMore = Partial<Omit<ColumnDraft, "schemaName" | "type">>;

/** A column that neither a create nor an update may set. */
export const readOnly: ColumnMore = { validForCreate: false, validForUpdate: false };

/** A text of so many UTF-16 units. */
export function text(schemaName: string, maxLength: number, more: ColumnMore = {}): ColumnDraft {
  return { schemaName, type: "string", maxLength, format: "Text", ...more };
}

/** A long text. */
export function memo(schemaName: string, maxLength: number, more: ColumnMore = {}): ColumnDraft {
  return { schemaName, type: "memo", maxLength, format: "TextArea", ...more };
}

/** A whole number within bounds. */
export function integer(
  schemaName: string,
  min = -2_147_483_648,
  max = 2_147_483_647,
  more: ColumnMore = {},
): ColumnDraft {
  return { schemaName, type: "integer", min, max, ...more };
}

/** A number with so many places. */
export function decimal(
  schemaName: string,
  precision: number,
  [min, max]: readonly [number, number] = [-100_000_000_000, 100_000_000_000],
  more: ColumnMore = {},
): ColumnDraft {
  return { schemaName, type: "decimal", min, max, precision, ...more };
}

/** A floating point number, such as a latitude. */
export function double(
  schemaName: string,
  precision: number,
  [min, max]: readonly [number, number],
): ColumnDraft {
  return { schemaName, type: "double", min, max, precision };
}

/** An amount; its table gets the twin in the base currency as well. */
export function money(schemaName: string, more: ColumnMore = {}): ColumnDraft {
  const most = 922_337_203_685_477;
  return { schemaName, type: "money", min: -most, max: most, precision: 2, ...more };
}

/** A moment. */
export function time(schemaName: string, more: ColumnMore = {}): ColumnDraft {
  const how = { format: "DateAndTime", dateBehavior: "UserLocal" } as const;
  return { schemaName, type: "datetime", ...how, ...more };
}

/** A day. */
export function date(schemaName: string, more: ColumnMore = {}): ColumnDraft {
  return { schemaName, type: "datetime", format: "DateOnly", dateBehavior: "DateOnly", ...more };
}

/** Yes or no. */
export function flag(
  schemaName: string,
  initially: boolean | undefined,
  more: ColumnMore = {},
): ColumnDraft {
  const options = [
    { value: 1, label: "Yes" },
    { value: 0, label: "No" },
  ];
  const set = initially === undefined ? {} : { default: initially };
  return { schemaName, type: "boolean", options, ...set, ...more };
}

/** One of some choices, each a value with its label. */
export function choice(
  schemaName: string,
  labels: Readonly<Record<number, string>>,
  more: ColumnMore = {},
): ColumnDraft {
  return { schemaName, type: "picklist", options: optionsOf(labels), ...more };
}

/** Any other type. */
export function plain(schemaName: string, type: ColumnType, more: ColumnMore = {}): ColumnDraft {
  return { schemaName, type, ...more };
}

/** The states of a table: a label, and its status reasons by value, the usual one first. */
export type States = readonly (readonly [
  label: string,
  reasons: readonly (readonly [value: number, label: string])[],
])[];

/** The state and status columns of a table with these states. */
export function stateColumns(states: States): ColumnDraft[] {
  const required: RequiredLevel = "SystemRequired";
  const statuses = states.flatMap(([, reasons], state) =>
    reasons.map(([value, label]) => ({ value, label, state })),
  );
  return [
    {
      schemaName: "StateCode",
      type: "state",
      validForCreate: false,
      required,
      options: states.map(([label], value) => ({ value, label })),
    },
    {
      schemaName: "StatusCode",
      type: "status",
      options: statuses,
      ...(statuses[0] === undefined ? {} : { default: statuses[0].value }),
    },
  ];
}

/** What most tables know: active or not. */
export const activeOrNot: States = [
  ["Active", [[1, "Active"]]],
  ["Inactive", [[2, "Inactive"]]],
];

function optionsOf(labels: Readonly<Record<number, string>>): OptionDef[] {
  return Object.entries(labels).map(([value, label]) => ({ value: Number(value), label }));
}
