import type { DynamicsClient } from "./client.ts";
import { tableOf } from "./closed.ts";
import { foldedName } from "./product-names.ts";
import { type ApiRow, idOf, rowsHolding } from "./standing.ts";

/** The product and unit a line is of, or that it is written in and why, where that is worth saying. */
export type Choice =
  | { readonly product: string; readonly unit: string }
  | { readonly why: string | undefined };

/** What was asked is asked again after so long: catalogues grow while we load. */
const freshMs = 60_000;
/** Names remembered at most. */
const mostNames = 20_000;
/** What can be a product's number at all; the service refuses to look for some of the rest. */
const number = /^[^\p{C}]{1,100}$/u;

interface Known {
  readonly at: number;
  readonly choice: Choice | undefined;
}

/** The products of an environment by their number, without regard to case. */
export class Catalogue {
  readonly #client: DynamicsClient;
  readonly #known = new Map<string, Known>();

  constructor(client: DynamicsClient) {
    this.#client = client;
  }

  /** What lines are of by the names of their products; what is not known of them is asked. */
  async choices(names: readonly string[]): Promise<(names: readonly string[]) => Choice> {
    const now = performance.now();
    const choices = new Map<string, Choice | undefined>();
    const unknown: string[] = [];
    for (const name of new Set(names.map(foldedName))) {
      const known = this.#known.get(name);
      if (known !== undefined && now - known.at < freshMs) choices.set(name, known.choice);
      else if (number.test(name)) unknown.push(name);
    }
    for (const [name, choice] of await this.#read(unknown)) {
      this.#known.set(name, { at: now, choice });
      choices.set(name, choice);
    }
    if (this.#known.size > mostNames) this.#known.clear();
    return (some) => firstOf(some.map((name) => choices.get(foldedName(name))));
  }

  async #read(
    names: readonly string[],
  ): Promise<readonly (readonly [string, Choice | undefined])[]> {
    if (names.length === 0) return [];
    const table = await tableOf(this.#client, "product");
    const columns = ["productnumber", "statecode", "productstructure", "_defaultuomid_value"];
    const rows = await rowsHolding(this.#client, table, "productnumber", names, columns);
    const found = Map.groupBy(rows, (row) => foldedName(String(row["productnumber"])));
    return names.map((name) => {
      const some = found.get(name) ?? [];
      return [
        name,
        choiceOf(
          name,
          some.map((row) => ({ row, id: idOf(table, row) })),
        ),
      ] as const;
    });
  }
}

/** The first name that is in the catalogue counts. */
function firstOf(choices: readonly (Choice | undefined)[]): Choice {
  return choices.find((choice) => choice !== undefined) ?? { why: undefined };
}

function choiceOf(
  name: string,
  some: readonly { readonly row: ApiRow; readonly id: string }[],
): Choice | undefined {
  const [first] = some;
  if (first === undefined) return undefined;
  const active = some.filter(({ row }) => row["statecode"] === 0);
  if (active.length > 1) return { why: `${active.length} active products have the number ${name}` };
  const [only] = active;
  if (only === undefined) return { why: `the product ${name} is not active` };
  // A family is no product; a bundle brings lines of its own.
  if ((only.row["productstructure"] ?? 1) !== 1) {
    return { why: `the product ${name} is a family or a bundle` };
  }
  const unit = only.row["_defaultuomid_value"];
  if (typeof unit !== "string") return { why: `the product ${name} has no default unit` };
  return { product: only.id, unit };
}
