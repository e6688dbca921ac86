import type { Chain, Fields, Wire } from "./chain.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { soqlPages } from "./soql-pages.ts";
import { soqlSelect } from "./soql.ts";

const object = "CaseTeamMember";
const field = "TeamRoleId";

/** Roles of case teams by name: the plan names them, an org knows them by id (Object Reference, CaseTeamRole). */
export class TeamRoles {
  readonly #client: SalesforceClient;
  #ids: ReadonlyMap<string, string> = new Map();

  constructor(client: SalesforceClient) {
    this.#client = client;
  }

  /** Puts ids in the place of names; a record of a role the org does not have is refused. */
  async resolve(chains: readonly Chain[]): Promise<void> {
    const members = chains.filter(({ plan, wires }) => plan.object === object && wires.some(named));
    const isKnown = ({ wires }: Chain) => wires.every((wire) => this.#idOf(wire) !== undefined);
    if (!members.every(isKnown)) this.#ids = await this.#read();
    for (const chain of members) {
      if (isKnown(chain))
        chain.wires.splice(0, chain.wires.length, ...chain.wires.map(this.#withId));
      else chain.refuse(unknownRole(chain.row.fields));
    }
  }

  readonly #withId = (wire: Wire): Wire => {
    if (!named(wire)) return wire;
    return { ...wire, fields: { ...wire.fields, [field]: this.#idOf(wire) ?? null } };
  };

  /** Empty where the row names no role. */
  #idOf(wire: Wire): string | undefined {
    if (!named(wire)) return "";
    const name = String(wire.fields[field]);
    const isId = [...this.#ids.values()].includes(name);
    return isId ? name : this.#ids.get(name.toLowerCase());
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for await (const page of soqlPages(this.#client, soqlSelect(["Id", "Name"], "CaseTeamRole"))) {
      for (const row of page) ids.set(String(row["Name"]).toLowerCase(), row["Id"] as string);
    }
    return ids;
  }
}

function named({ operation, fields }: Wire): boolean {
  return operation !== "delete" && typeof fields[field] === "string";
}

function unknownRole(fields: Fields) {
  return {
    kind: "refused",
    code: "TEAM_ROLE_UNKNOWN",
    message: `The org has no case team role ${String(fields[field])}: create it, or map another.`,
    field,
    class: "refuse",
    destinationId: null,
  } as const;
}
