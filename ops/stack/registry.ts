/** The local schema registry: Apicurio with the Confluent API; its state is a topic of the local Kafka. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "./service.ts";

/** Where the registry runs and which Kafka holds its state. */
export interface RegistryOptions {
  readonly folder: string;
  readonly jars: string;
  readonly registryPort: number;
  readonly kafkaPort: number;
}

/** The address of the Confluent-compatible API. */
export const registryUrl = (port: number) => `http://127.0.0.1:${port}/apis/ccompat/v7`;

/** Describes the service; it may be started before Kafka answers, it waits for it. */
export function registry({ folder, jars, registryPort, kafkaPort }: RegistryOptions): Service {
  const home = join(jars, "registry");
  const program = readdirSync(home).find((name) => name.endsWith("-runner.jar")) ?? "runner.jar";
  return {
    name: "registry",
    title: "The schema registry",
    folder,
    program: "java",
    args: [
      "-Xmx512m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1", // starts in half the time; its load is a few requests a minute
      `-Djava.io.tmpdir=${folder}`, // also marks the process as this folder's
      "-jar",
      join(home, program),
    ],
    env: {
      QUARKUS_HTTP_HOST: "127.0.0.1",
      QUARKUS_HTTP_PORT: String(registryPort),
      QUARKUS_HTTP_ACCESS_LOG_ENABLED: "false",
      APICURIO_STORAGE_KIND: "kafkasql",
      APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: `127.0.0.1:${kafkaPort}`,
      // It waits this long for a snapshot of its state, which nobody makes here: 5 s of every start by default.
      APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT: "500",
    },
    ready: () => answers(`${registryUrl(registryPort)}/subjects`),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false; // not listening yet
  }
}
