import { type RowResult, resultKey, type SinkGroup } from "../sink.ts";
import type { Chain } from "./chain.ts";
import { chainsOf } from "./chains.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { sendComposite, type WriteHeaders } from "./composite.ts";
import type { FileSender } from "./files.ts";
import type { TeamRoles } from "./team-roles.ts";

/** What writing takes beside the client. */
export interface SendParts {
  readonly client: SalesforceClient;
  readonly headers: WriteHeaders;
  readonly roles: TeamRoles;
  readonly files: FileSender;
}

/** Writes groups of few rows, files by a way of their own; one result per record whose fate is known. */
export async function sendGroups(
  parts: SendParts,
  groups: readonly SinkGroup[],
): Promise<Map<string, RowResult>> {
  const results = new Map<string, RowResult>();
  const files = groups.filter((each) => isFiles(each) && each.operation !== "delete");
  const rows = groups.filter((each) => !files.includes(each));
  const chains: Chain[] = [];
  for (const group of rows) chains.push(...(await chainsOf(parts.client, group)));
  await parts.roles.resolve(chains);
  const wires = chains.flatMap((chain) => chain.wires);
  if (wires.length > 0) await sendComposite(parts.client, wires, parts.headers);
  for (const chain of chains) {
    const result = chain.result();
    if (result !== undefined) results.set(resultKey(chain.plan.object, chain.row.key), result);
  }
  for (const group of files) {
    for (const [key, result] of await parts.files.send(group)) {
      results.set(resultKey(group.plan.object, key), result);
    }
  }
  return results;
}

/** Whether a group's rows are files: they go one by one, or few together, never in bulk. */
export function isFiles({ plan }: Pick<SinkGroup, "plan">): boolean {
  return plan.fields.some(({ type }) => type === "file");
}
