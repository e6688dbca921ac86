import { join } from "node:path";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { type Child, startChild } from "./child.ts";

/** The simulators there are. */
export type SimulatorName = "qdispatch" | "salesforce" | "dataverse";

/** What a simulator says when it is ready. */
export interface SimulatorAddress {
  readonly http: string;
  readonly https: string;
  readonly ca_file: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly admin: string;
  /** Where the simulator is a tenant's. */
  readonly tenant?: string;
}

/** A simulator started for a rehearsal. */
export interface RunningSimulator extends SimulatorAddress {
  readonly child: Child;
  /** Calls its admin port. */
  call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T>;
}

/** Starts a simulator as a child that ends with us. */
export async function startSimulator(
  name: SimulatorName,
  options: { readonly folder: string; readonly args: readonly string[] },
): Promise<RunningSimulator> {
  const child = startChild({
    name,
    args: ["simulators", name, "--owned", "--folder", options.folder, ...options.args],
    logFile: join(options.folder, "logs", `${name}.log`),
    heapMb: 120,
  });
  const address = (await child.ready) as unknown as SimulatorAddress;
  return {
    ...address,
    child,
    call: (method, path, body) => call(address.admin, method, path, body),
  };
}

async function call<T>(admin: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${admin}/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new CutoverError(
      "CONFIG_INVALID",
      `${method} ${path} of a simulator: ${response.status} ${text}`,
    );
  }
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
