import { type Command, InvalidArgumentError } from "commander";
import type { StackOptions } from "../stack/settings.ts";

/** The ports of the local stack, as every command that starts one takes them. */
export interface PortOptions {
  readonly kafkaPort?: number;
  readonly controllerPort?: number;
  readonly registryPort?: number;
}

/** Adds the local stack's ports to a command. */
export function withPorts(command: Command): Command {
  return command
    .option("--kafka-port <port>", "the local Kafka's port", portNumber)
    .option("--controller-port <port>", "its controller's port", portNumber)
    .option("--registry-port <port>", "the local registry's port", portNumber);
}

/** The ports somebody named. */
export function portsOf({ kafkaPort, controllerPort, registryPort }: PortOptions): StackOptions {
  return {
    ...(kafkaPort === undefined ? {} : { kafkaPort }),
    ...(controllerPort === undefined ? {} : { controllerPort }),
    ...(registryPort === undefined ? {} : { registryPort }),
  };
}

/** A port as typed; 0 takes any where a server may choose. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  }
  return value;
}
