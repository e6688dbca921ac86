import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { resultKey, type Sink } from "../../sinks/sink.ts";
import type { ContractKind, Destination } from "./kinds/kind.ts";
import { lying } from "./lies.ts";
import { namesOf } from "./names.ts";
import type { Scenario, Step } from "./scenario.ts";
import type { Sent } from "./groups.ts";
import { askStep, sendStep } from "./sending.ts";
import { expectStanding, ourRows, type Sight } from "./standing.ts";
import { type LoaderRun, loaderRun } from "./through-loader.ts";

/** A destination under test, opened once for all scenarios. */
export interface Opened {
  readonly kind: ContractKind;
  readonly destination: Destination;
  readonly sink: Sink;
}

/** Goes through a scenario's steps; throws at the first that does not hold. With `lie` the sink lies so. */
export async function runScenario(opened: Opened, scenario: Scenario, lie?: string): Promise<void> {
  const { kind, destination, sink } = opened;
  const names = namesOf(kind, randomBytes(4).toString("hex"));
  const sight: Sight = { sink, destination, names };
  const liar = lie === undefined ? sink : lying(sink, lie);
  const needsLoader = scenario.steps.some((step) => "say" in step);
  const ownSink = async (): Promise<Sink> => {
    const own = await destination.sink();
    return lie === undefined ? own : lying(own, lie);
  };
  const from = { sink: ownSink, lying: lie !== undefined };
  const loader = needsLoader ? await loaderRun(kind, destination, names, from) : undefined;
  const sent: Sent = { ids: new Map(), rows: new Map() };
  try {
    for (const step of scenario.steps) await runStep(sight, sent, liar, loader, step);
  } finally {
    await destination.heal();
    await loader?.close();
  }
}

async function runStep(
  sight: Sight,
  sent: Sent,
  liar: Sink,
  loader: LoaderRun | undefined,
  step: Step,
): Promise<void> {
  const { destination, names } = sight;
  if ("fault" in step) await destination.strike(step.fault);
  else if ("send" in step) {
    await sendStep(sight, sent, liar, step);
    expect(await destination.unstruck(), "faults that did not strike").toBe(0);
    await destination.heal();
  } else if ("ask" in step) await askStep(sight, sent, step.ask);
  else if ("stand" in step) await expectStanding(sight, step.stand);
  else if ("vanish" in step) {
    const { object } = names.plan(step.vanish);
    const rows = await ourRows(sight, [names.plan(step.vanish)]);
    const row = rows.get(resultKey(object, names.key(step.vanish)));
    if (row === undefined) throw new Error(`${step.vanish} does not stand there.`);
    await destination.vanish(object, row.id);
  } else await loader?.say(step);
}
