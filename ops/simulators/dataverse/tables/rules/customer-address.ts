import type { TableRules, Writer } from "../../extension.ts";
import { newGuid } from "../../identifier.ts";
import type { Row, Value, Values } from "../../rows/row.ts";

const parts = [
  "name",
  "line1",
  "line2",
  "line3",
  "city",
  "stateorprovince",
  "postalcode",
  "country",
  "county",
  "telephone1",
  "telephone2",
  "fax",
  "latitude",
  "longitude",
];
const numbers = [1, 2, 3];

/** The addresses of an account or a contact are rows of `customeraddress` as well, from the first value on. */
export const addressRules: TableRules = {
  beforeCreate: (_writer, _table, values) => number(values, values),
  afterCreate: (writer, row) => {
    for (const each of numbers) keep(writer, row, each);
  },
  beforeUpdate(_writer, before, changes) {
    if (touches(changes)) number({ ...before.values, ...changes }, changes);
  },
  afterUpdate(writer, before, after) {
    for (const each of numbers)
      if (parts.some((part) => of(before, each, part) !== of(after, each, part)))
        keep(writer, after, each);
  },
  read: (_env, row) =>
    Object.fromEntries(numbers.map((each) => [`address${each}_composite`, composite(row, each)])),
};

function of(row: Row, number: number, part: string): Value | undefined {
  return row.values[`address${number}_${part}`];
}

function touches(values: Values): boolean {
  return Object.keys(values).some((name) => name.startsWith("address"));
}

function number(from: Values, into: Values): void {
  if (!touches(from)) return;
  for (const each of numbers) {
    const id = `address${each}_addressid`;
    const filled = parts.some((part) => (from[`address${each}_${part}`] ?? null) !== null);
    if (filled && typeof from[id] !== "string") into[id] = newGuid();
  }
}

function keep(writer: Writer, row: Row, each: number): void {
  const id = of(row, each, "addressid");
  if (typeof id !== "string") return;
  const values: Values = {
    parentid: { table: row.table, id: row.id },
    addressnumber: each,
    objecttypecode: row.table,
  };
  for (const part of parts) values[part] = of(row, each, part) ?? null;
  const known = writer.env.rows("customeraddress").get(id);
  if (known === undefined) writer.create("customeraddress", values, { id, internal: true });
  else writer.update(known, values, { internal: true });
}

function composite(row: Row, each: number): string | null {
  const at = (part: string): string => String(of(row, each, part) ?? "");
  const place = [at("city"), [at("stateorprovince"), at("postalcode")].filter(Boolean).join(" ")];
  const lines = [
    at("line1"),
    at("line2"),
    at("line3"),
    place.filter(Boolean).join(", "),
    at("country"),
  ];
  return lines.filter(Boolean).join("\r\n") || null;
}
