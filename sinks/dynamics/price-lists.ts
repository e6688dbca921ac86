import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { rowWith, type SinkGroup } from "../sink.ts";
import type { DynamicsClient } from "./client.ts";
import { tableOf } from "./closed.ts";
import { refused } from "./errors.ts";
import type { Ready } from "./ready-rows.ts";
import { idOf, rowsHolding } from "./standing.ts";

/** The field of opportunities that names their price list: the plan names it, an environment knows it by id. */
const field = "pricelevelid";
/** A list that is missing is asked for again after so long. */
const freshMs = 60_000;

/** Whether a plan's rows name a price list. */
export function namesPriceList({ object, fields }: ObjectPlan): boolean {
  return object === "opportunity" && fields.some(isPriceList);
}

/** Whether a field of a plan of opportunities is the name of a price list. */
export function isPriceList({ name, reference }: FieldPlan): boolean {
  return name === field && reference === undefined;
}

/** The plan with the list as the lookup it is. */
export function priceListPlan(plan: ObjectPlan): ObjectPlan {
  const reference = { object: "pricelevel", whenDeleted: "park" } as const;
  return {
    ...plan,
    fields: plan.fields.map((one) =>
      isPriceList(one) ? { name: field, type: "reference", reference } : one,
    ),
  };
}

/** Ids of the active price lists with a name, exactly as it is written. */
export async function priceListsNamed(
  client: DynamicsClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const table = await tableOf(client, "pricelevel");
  const rows = await rowsHolding(client, table, "name", names, ["name", "statecode"]);
  const active = rows.filter(({ statecode }) => statecode === 0);
  const found = Map.groupBy(active, ({ name }) => String(name));
  return new Map([...found].map(([name, some]) => [name, some.map((row) => idOf(table, row))]));
}

/** Price lists by name. */
export class PriceLists {
  readonly #client: DynamicsClient;
  readonly #ids = new Map<string, string>();
  readonly #missing = new Map<string, number>();

  constructor(client: DynamicsClient) {
    this.#client = client;
  }

  /** Puts ids in the place of names; a row whose list is missing, or is one of several, is refused. */
  async ready({ rows }: SinkGroup): Promise<readonly Ready[]> {
    const named = rows.map(({ fields }) => fields[field]);
    await this.#ask(new Set(named.filter((name) => typeof name === "string")));
    return rows.map((row) => {
      const name = row.fields[field];
      if (typeof name !== "string" || name === "") return { row };
      const id = this.#ids.get(name);
      if (id === undefined) return { row, refusal: unknownList(name) };
      return { row: rowWith(row, { ...row.fields, [field]: id }) };
    });
  }

  async #ask(names: ReadonlySet<string>): Promise<void> {
    const now = performance.now();
    const unknown = [...names].filter((name) => {
      const missed = this.#missing.get(name) ?? Number.NEGATIVE_INFINITY;
      return !this.#ids.has(name) && now - missed > freshMs;
    });
    if (unknown.length === 0) return;
    const found = await priceListsNamed(this.#client, unknown);
    for (const name of unknown) {
      const [id, ...others] = found.get(name) ?? [];
      if (id === undefined || others.length > 0) this.#missing.set(name, now);
      else this.#ids.set(name, id);
    }
  }
}

function unknownList(name: string) {
  const said = `The environment has no active price list ${name}, or several: create it, or name another in settings.price_list.`;
  return refused("PRICE_LIST_UNKNOWN", field, said);
}
