import { join } from "node:path";
import { type StackAddresses, stackUp } from "../../stack/stack.ts";
import { destinations } from "../destinations/index.ts";
import type { DriftKind } from "../destinations/rehearsed.ts";
import { type Migration, readMigration } from "../migration-file.ts";
import { type RunningSimulator, startSimulator } from "../simulator.ts";
import { applyMigrationTopics } from "../topics.ts";
import type { RehearseOptions } from "./options.ts";
import { fallbackOwner, provision } from "./provision.ts";
import { writeProperties } from "./properties.ts";
import { emptyFolder, writeFolder } from "./write-folder.ts";

/** Everything around a rehearsal's migration, up and provisioned. */
export interface Surroundings {
  readonly migration: Migration;
  readonly qdispatch: RunningSimulator;
  readonly destination: RunningSimulator;
  /** What may drift at the destination. */
  readonly driftKinds: readonly DriftKind[];
  /** The secrets the migration's files name. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the stack and both simulators, writes the folder, creates topics and the destination's fields. */
export async function startSurroundings(
  options: RehearseOptions,
  empty: (destination: RunningSimulator) => Promise<void> = async () => {},
): Promise<Surroundings> {
  emptyFolder(options.folder);
  const stack =
    options.stack ??
    (await stackUp({ ...options.ports, ownedBy: process.pid, onProgress: options.progress }));
  options.progress("stack is up");
  const simulators = { folder: join(options.folder, "simulators") };
  const model = options.limits === true ? "standard" : options.limits || "off";
  const limits = ["--limits", model];
  const kind = destinations[options.destination].rehearsed;
  const [qdispatch, destination] = await Promise.all([
    startSimulator("qdispatch", { ...simulators, args: [...limits, ...sourceArguments(options)] }),
    startSimulator(kind.simulator, {
      ...simulators,
      args: [...limits, ...kind.simulatorArguments(options)],
    }),
  ]);
  options.progress("simulators are up");
  const close = async (): Promise<void> => {
    await Promise.all([qdispatch.child.stop(), destination.child.stop()]);
  };
  try {
    await empty(destination);
    const prepared = await prepare(options, stack, qdispatch, destination);
    return { ...prepared, qdispatch, destination, driftKinds: kind.drift(options.edition), close };
  } catch (error) {
    // Nobody else knows of the simulators yet, and they would keep this process alive.
    await close();
    throw error;
  }
}

/** Writes the migration's folder, and makes what an admin makes before a cut-over. */
async function prepare(
  options: RehearseOptions,
  stack: StackAddresses,
  qdispatch: RunningSimulator,
  destination: RunningSimulator,
): Promise<Pick<Surroundings, "migration" | "environment">> {
  const kind = destinations[options.destination].rehearsed;
  const environment = {
    QD_BASE_URL: qdispatch.http,
    QD_CLIENT_ID: qdispatch.client_id,
    QD_CLIENT_SECRET: qdispatch.client_secret,
    ...kind.environment(destination),
  };
  // This process reads the same files as the stages it starts.
  Object.assign(process.env, environment);
  const written = writeFolder({
    folder: options.folder,
    stack,
    destination: options.destination,
    edition: options.edition,
    block: kind.block(destination),
    partitions: 3,
    fallbackOwner,
  });
  const properties = await writeProperties(written);
  // With the properties it is another plan.
  const migration = readMigration(options.folder);
  options.progress(`${properties.length} custom properties audited`);
  await Promise.all([
    provision(qdispatch, destination, migration),
    applyMigrationTopics(migration),
  ]);
  options.progress("destination provisioned, topics and schemas applied");
  return { migration, environment };
}

function sourceArguments(options: RehearseOptions): string[] {
  return [
    "--seed",
    String(options.seed),
    "--size",
    String(options.size),
    ...(options.corpus === undefined ? [] : ["--corpus", options.corpus]),
    ...(options.truth === undefined ? [] : ["--truth", options.truth]),
    ...(options.rate === 0 ? ["--quiet-start"] : []),
    ...(options.propertyDefinitions === false ? ["--no-property-definitions"] : []),
  ];
}
