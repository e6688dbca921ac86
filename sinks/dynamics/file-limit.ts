import type { DynamicsClient } from "./client.ts";

const known = new WeakMap<DynamicsClient, number>();

/** Bytes a note's file may have here; what is too large for the limit we know is held against it anew. */
export async function mostFileBytes(client: DynamicsClient, bytes: number): Promise<number> {
  const before = known.get(client);
  if (before !== undefined && bytes <= before) return before;
  const path = "organizations?$select=maxuploadfilesize";
  const reply = await client.call({ api: "query", method: "GET", path });
  const { value } = JSON.parse(reply.body) as { value: { maxuploadfilesize?: number | null }[] };
  const most = value[0]?.maxuploadfilesize ?? Number.MAX_SAFE_INTEGER;
  known.set(client, most);
  return most;
}
