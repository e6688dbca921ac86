import { setTimeout as pause } from "node:timers/promises";
import { CutoverError } from "../../../pipeline/core/errors.ts";
import type { SchemaCreated } from "../../schema-finding.ts";
import type { DynamicsClient } from "../client.ts";

/** One write to the definitions. */
export interface Customization {
  /** As it is reported: `column qd_serviceorder.qd_zone`. */
  readonly name: string;
  readonly path: string;
  readonly body: object;
  readonly method?: "POST" | "PUT";
  /** Codes by which the service says that it is there already. */
  readonly there?: readonly string[];
  /** Codes that say so only of a write whose reply was lost. */
  readonly thereWhenLost?: readonly string[];
}

/** Writes definitions one after the other, for the service does one customization at a time. */
export interface Maker extends SchemaCreated {
  /** Whether it is there now, made by us or not; what the service refuses is noted with its reason. */
  make(customization: Customization): Promise<boolean>;
  refuse(name: string, why: string): void;
}

/** A write is tried so often: after a lost reply, or where a definition made just now is not seen yet. */
const attemptsAtMost = 6;
/** Failures of definitions that pass: caches that have not settled, deadlocks of the service. */
const passing: ReadonlySet<string> = new Set(["0x80040216", "0x80044150", "0x80044339"]);

/** Opens a maker; the client waits for the customization lock by itself. */
export function openMaker(client: DynamicsClient, pollMs: number): Maker {
  const created: string[] = [];
  const refused: { readonly name: string; readonly why: string }[] = [];
  const refuse = (name: string, why: string): void => void refused.push({ name, why });
  return {
    created,
    refused,
    refuse,
    async make(customization) {
      let lost = false;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await written(client, customization);
        if (answer === "made") {
          created.push(customization.name);
          return true;
        }
        const last = attempt === attemptsAtMost;
        if (answer === "lost") {
          if (last) throw replyLost(customization.name);
          lost = true;
          continue;
        }
        if (saysThere(customization, answer.code, lost)) {
          if (lost) created.push(customization.name);
          return true;
        }
        if (last || !(answer.status === 404 || passing.has(answer.code))) {
          refuse(customization.name, `${answer.code}: ${answer.message}`);
          return false;
        }
        await pause(pollMs);
      }
    },
  };
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

async function written(
  client: DynamicsClient,
  { path, body, method = "POST" }: Customization,
): Promise<"made" | "lost" | Refusal> {
  try {
    const reply = await client.call({
      ...{ api: "metadata", method, path, write: true, accept: [400, 403, 404, 409, 412, 500] },
      body: JSON.stringify(body),
      // Labels of other languages stay.
      headers: method === "PUT" ? { "MSCRM.MergeLabels": "true" } : {},
    });
    return reply.status < 300 ? "made" : refusalIn(reply.status, reply.body);
  } catch (error) {
    if (error instanceof CutoverError && error.code === "SINK_REPLY_LOST") return "lost";
    throw error;
  }
}

function refusalIn(status: number, body: string): Refusal {
  try {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    return { status, code: error.code.toLowerCase(), message: error.message };
  } catch {
    return { status, code: String(status), message: "no reason given" };
  }
}

function saysThere(
  { there = [], thereWhenLost = [] }: Customization,
  code: string,
  lost: boolean,
): boolean {
  const codes = lost ? [...there, ...thereWhenLost] : there;
  return codes.some((each) => each.toLowerCase() === code);
}

function replyLost(name: string): CutoverError {
  return new CutoverError(
    "SINK_REPLY_LOST",
    `Whether ${name} was made stayed unknown ${attemptsAtMost} times; run schema check --create again: it goes on where it stopped.`,
  );
}
