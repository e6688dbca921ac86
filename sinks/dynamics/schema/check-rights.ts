import type { DynamicsClient } from "../client.ts";
import type { DescribedTable } from "./described.ts";
import type { ExpectedTable } from "./expected.ts";
import type { DynamicsFinding } from "./finding.ts";
import type { SchemaOptions } from "./options.ts";

type Tables = ReadonlyMap<string, DescribedTable>;

/** What each of our application users may not do although the plan needs it. */
export async function rightsFindings(
  client: DynamicsClient,
  expected: readonly ExpectedTable[],
  found: Tables,
  options: SchemaOptions,
): Promise<DynamicsFinding[]> {
  const findings: DynamicsFinding[] = [];
  for (const user of client.userIds) {
    const held = await privilegesOf(client, user);
    findings.push(
      ...generalFindings(expected, options, held, user),
      ...expected.flatMap((each) => tableFindings(each, found.get(each.name), held, user)),
    );
  }
  return findings;
}

async function privilegesOf(client: DynamicsClient, user: string): Promise<ReadonlySet<string>> {
  const path = `systemusers(${user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`;
  const reply = await client.call({ api: "privileges", method: "GET", path });
  const { RolePrivileges } = JSON.parse(reply.body) as {
    readonly RolePrivileges: readonly { readonly PrivilegeName: string }[];
  };
  return new Set(RolePrivileges.map(({ PrivilegeName }) => PrivilegeName.toLowerCase()));
}

interface General {
  readonly privilege: string;
  readonly needed: boolean;
  readonly why: string;
  readonly otherwise: string;
}

function generalFindings(
  expected: readonly ExpectedTable[],
  { bypassPlugins }: SchemaOptions,
  held: ReadonlySet<string>,
  user: string,
): DynamicsFinding[] {
  const fills = (name: string): boolean =>
    expected.some(({ standard }) => standard.some((field) => field.name === name));
  const wanted: readonly General[] = [
    {
      privilege: "prvOverrideCreatedOnCreatedBy",
      needed: fills("overriddencreatedon"),
      why: "creation dates of the source",
      otherwise: "or set audit_fields: false",
    },
    {
      privilege: "prvActOnBehalfOfAnotherUser",
      needed: fills("createdby"),
      why: "authors of the source",
      otherwise: "or set audit_fields: false",
    },
    {
      privilege: "prvBypassCustomBusinessLogic",
      needed: bypassPlugins === true,
      why: "passing plug-ins by",
      otherwise: "or let the plug-ins run",
    },
  ];
  return wanted
    .filter(({ privilege, needed }) => needed && !held.has(privilege.toLowerCase()))
    .map(({ privilege, why, otherwise }) => ({
      problem: "privilege_missing",
      ...{ object: "systemuser", field: null, creatable: false },
      expected: `${privilege}, for ${why}`,
      found: `user ${user} does not have it`,
      remedy: `give a security role of our application user ${privilege}, ${otherwise}`,
    }));
}

function tableFindings(
  expected: ExpectedTable,
  found: DescribedTable | undefined,
  held: ReadonlySet<string>,
  user: string,
): DynamicsFinding[] {
  if (found === undefined) return [];
  // A table whose rows belong to another's has no privileges of its own.
  const named = (access: string): string | undefined => found.privileges.get(access);
  const lacking = accessesOf(expected).filter((access) => {
    const privilege = named(access);
    return privilege !== undefined && !held.has(privilege.toLowerCase());
  });
  if (lacking.length === 0) return [];
  return [
    {
      problem: "object_not_permitted",
      ...{ object: expected.name, field: null, creatable: false },
      expected: lacking.map((access) => named(access)).join(", "),
      found: `user ${user} does not have them`,
      remedy: `give a security role of our application user ${lacking.join(", ")} on the table, for the whole organization`,
    },
  ];
}

function accessesOf({ inserted, standard, targets, referenced }: ExpectedTable): string[] {
  if (!inserted) return ["Read", "Write"];
  return [
    ...["Create", "Read", "Write", "Delete"],
    ...(targets.size > 0 ? ["Append"] : []),
    ...(referenced ? ["AppendTo"] : []),
    ...(standard.some(({ owner }) => owner === true) ? ["Assign"] : []),
  ];
}
