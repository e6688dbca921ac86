import type { Allowance, DescribedField, DestinationUser } from "../sink.ts";
import type { DynamicsClient } from "./client.ts";
import { tableOf } from "./metadata.ts";
import { chunks } from "./standing.ts";

/** A table's columns as our user sees them; undefined where there is no such table for it. */
export async function describe(
  client: DynamicsClient,
  object: string,
): Promise<readonly DescribedField[] | undefined> {
  const table = await client.metadata.table(object);
  if (table === undefined) return undefined;
  const keys = new Set(table.keys.flatMap(({ columns }) => (columns.length === 1 ? columns : [])));
  return [...table.columns.values()].map((column) => ({
    name: column.name,
    type: column.type,
    length: column.length ?? 0,
    precision: column.precision ?? 0,
    scale: column.precision ?? 0,
    createable: column.createable,
    updateable: column.updateable,
    unique: keys.has(column.name),
    externalId: keys.has(column.name),
    restrictedValues: column.options === undefined ? null : [...column.options.keys()],
    referenceTo: column.targets,
  }));
}

interface UserRow {
  readonly systemuserid: string;
  readonly internalemailaddress: string | null;
  readonly domainname: string | null;
  readonly isdisabled: boolean;
  readonly accessmode: number;
  readonly applicationid: string | null;
  readonly systemuserroles_association: readonly unknown[];
}

/** Access modes of people: read and write, administrative, read. The others are no owners. */
const peoplesModes: ReadonlySet<number> = new Set([0, 1, 2]);

/** Users of these e-mail addresses; a copied environment's addresses end in `.invalid`. */
export async function users(
  client: DynamicsClient,
  emails: readonly string[],
): Promise<readonly DestinationUser[]> {
  const { set } = await tableOf(client.metadata, "systemuser");
  const select =
    "$select=systemuserid,internalemailaddress,domainname,isdisabled,accessmode,applicationid";
  const expand = "$expand=systemuserroles_association($select=roleid)";
  const found: DestinationUser[] = [];
  for (const some of chunks(emails.flatMap((email) => [email, `${email}.invalid`]))) {
    const list = some.map((email) => `'${email.replaceAll("'", "''")}'`).join(",");
    const filter = `Microsoft.Dynamics.CRM.In(PropertyName='internalemailaddress',PropertyValues=[${list}])`;
    let path: string | undefined =
      `${set}?${select}&${expand}&$filter=${encodeURIComponent(filter)}`;
    while (path !== undefined) {
      const reply = await client.call({ api: "query", method: "GET", path });
      const page = JSON.parse(reply.body) as { value: UserRow[]; "@odata.nextLink"?: string };
      found.push(...page.value.map(asUser));
      path = page["@odata.nextLink"];
    }
  }
  return found;
}

/** Only who has a role can own rows; an application is nobody's owner. */
function asUser(row: UserRow): DestinationUser {
  const isPerson = peoplesModes.has(row.accessmode) && row.applicationid === null;
  return {
    id: row.systemuserid.toLowerCase(),
    email: (row.internalemailaddress ?? "").toLowerCase(),
    username: row.domainname ?? "",
    active: !row.isdisabled,
    standard: isPerson && row.systemuserroles_association.length > 0,
  };
}

/** The service counts calls by the day and refuses none for it; what it refuses for, the pool heeds. */
export function allowance(): Promise<Allowance> {
  const endless = { max: Number.POSITIVE_INFINITY, remaining: Number.POSITIVE_INFINITY };
  return Promise.resolve({ calls: endless, batches: endless });
}
