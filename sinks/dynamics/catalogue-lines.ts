import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { rowWith, type SinkGroup, type SinkRow } from "../sink.ts";
import type { Catalogue, Choice } from "./catalogue.ts";
import type { DynamicsClient } from "./client.ts";
import { tableOf } from "./closed.ts";
import type { Ready } from "./ready-rows.ts";
import { namesIn, productNamesField, withReason } from "./product-names.ts";
import { type ApiRow, standingRows } from "./standing.ts";

/** What says of what a line is. An own price is kept; a catalogue line says in `description` what it is. */
const made: readonly FieldPlan[] = [
  { name: "isproductoverridden", type: "boolean", createOnly: true },
  { name: "ispriceoverridden", type: "boolean" },
  { name: "description", type: "textarea" },
  ...["product", "uom"].map(
    (object): FieldPlan => ({
      name: `${object}id`,
      type: "reference",
      reference: { object, whenDeleted: "park" },
    }),
  ),
];

/** The plan of lines with the columns that say of what they are. */
export function linePlan(plan: ObjectPlan): ObjectPlan {
  const own = made.filter(({ name }) => !plan.fields.some((field) => field.name === name));
  return { ...plan, fields: [...plan.fields, ...own] };
}

/**
 * Lines as the catalogue has them now. Whether a line is written in is said when it is created only, so
 * one that changes is deleted and made anew, with all it was created with.
 */
export async function readyLines(
  client: DynamicsClient,
  catalogue: Catalogue,
  { plan, operation, rows }: SinkGroup,
): Promise<readonly Ready[]> {
  const field = productNamesField(plan) as string;
  const askedBy = (row: SinkRow): string => String(row.fields[field] ?? "");
  const choiceOf = await catalogue.choices(rows.flatMap((row) => namesIn(askedBy(row))));
  const standing =
    operation === "update" ? await standingLines(client, rows) : new Map<string, ApiRow>();
  return rows.map((row) => {
    const asked = askedBy(row);
    const choice = choiceOf(namesIn(asked));
    const fields = lineFields(row.fields, choice);
    if (asked !== "") fields[field] = withReason(asked, "why" in choice ? choice.why : undefined);
    const line = standing.get(row.destinationId?.toLowerCase() ?? "");
    const changes = line !== undefined && line["isproductoverridden"] !== "why" in choice;
    if (!changes) return { row: rowWith(row, fields) };
    return { row: rowWith(row, { ...fields, ...stamps(client, plan, line) }), anew: true };
  });
}

function lineFields(given: SinkRow["fields"], choice: Choice): Record<string, FieldValue> {
  if ("why" in choice) return { ...given, isproductoverridden: true };
  const { productdescription = null, ...rest } = given;
  return {
    ...rest,
    ...{ isproductoverridden: false, ispriceoverridden: true, description: productdescription },
    ...{ productid: choice.product, uomid: choice.unit },
  };
}

async function standingLines(
  client: DynamicsClient,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, ApiRow>> {
  const table = await tableOf(client, "opportunityproduct");
  const ids = rows.flatMap(({ destinationId }) => destinationId ?? []);
  const columns = ["isproductoverridden", "createdon", "overriddencreatedon"];
  const lookups = ["_opportunityid_value", "_createdby_value"];
  return standingRows(client, table, ids, [...columns, ...lookups]);
}

/** What a line was created with, which an update does not say. */
function stamps(
  { userIds }: DynamicsClient,
  { fields }: ObjectPlan,
  line: ApiRow,
): Record<string, FieldValue> {
  const fills = (name: string): boolean => fields.some((field) => field.name === name);
  const author = String(line["_createdby_value"] ?? "").toLowerCase();
  const isDated = fills("overriddencreatedon") && line["overriddencreatedon"] != null;
  return {
    opportunityid: String(line["_opportunityid_value"]),
    ...(isDated ? { overriddencreatedon: Date.parse(String(line["createdon"])) } : {}),
    ...(fills("createdby") && !userIds.includes(author) ? { createdby: author } : {}),
  };
}
