import { expect } from "vitest";
import type { Sink } from "../../sinks/sink.ts";
import { MigrationWorld, type RunningLoader } from "../loader/migration-world.ts";
import type { ContractKind, Destination } from "./kinds/kind.ts";
import { type Names, spread } from "./names.ts";
import type { Step } from "./scenario.ts";

type SayStep = Extract<Step, { say: unknown }>;

/** A migration into a destination that others use beside it. */
class ContractWorld extends MigrationWorld<Destination> {
  readonly #shared: Destination;

  constructor({ plan }: ContractKind, shared: Destination) {
    super(plan);
    this.#shared = shared;
  }

  protected async openDestination(): Promise<Destination> {
    return this.#shared;
  }

  protected sinkFacts(): never {
    throw new Error("The contract's loaders run in the tests' process.");
  }
}

/** A loader at work for one run. */
export interface LoaderRun {
  /** Says a step's records and waits until what must come of them has come. */
  say(step: SayStep): Promise<void>;
  close(): Promise<void>;
}

/** Starts a loader on a sink. */
export async function loaderRun(
  kind: ContractKind,
  destination: Destination,
  names: Names,
  { sink, lying }: { readonly sink: () => Promise<Sink>; readonly lying: boolean },
): Promise<LoaderRun> {
  // What a lying sink keeps from coming is not waited for as long as what hangs.
  const patience = { timeout: lying ? 15_000 : 120_000, interval: 100 };
  const world = new ContractWorld(kind, { ...destination, sink, close: async () => undefined });
  await world.open();
  const loader: RunningLoader = await world.start();
  return {
    async say({ say, ended = {}, parked = {} }) {
      const said = spread(say).map(([key, fields]) => ({
        object: names.plan(key).object,
        key: names.key(key),
        fields: fields === null ? null : names.fields(key, fields),
      }));
      await world.say(...said);
      await expect.poll(() => world.passed(), patience).toBe(true);
      for (const [key, reason] of spread(parked)) {
        const name = `${names.plan(key).object}|${names.key(key)}`;
        const why = async () => (await world.parked()).get(name);
        await expect.poll(why, patience).toBe(reason);
      }
      for (const [key, all] of spread(ended)) {
        const so = () => world.outcomesOf(names.plan(key).object, names.key(key));
        const many = async () => (await so()).length >= all.length;
        await expect.poll(many, patience).toBe(true);
        expect(await so(), key).toEqual(all);
      }
    },
    async close() {
      await loader.stop();
      await world.close();
    },
  };
}
