import { expect } from "vitest";
import { finish } from "../../ops/migration/finish.ts";
import type { RehearseOptions } from "../../ops/migration/rehearse/options.ts";
import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { type Rehearsed, rehearsed, setInMigration } from "../e2e/rehearsed.ts";
import {
  type Destination,
  type FaultPlan,
  type Live,
  plant,
  silent,
  unplant,
} from "./fault-plans.ts";
import { work } from "./work.ts";

/** How often more work is done under a plan before it is said to strike nothing. */
const mostWorks = 4;

/** A migration that goes on while fault plans come and go, each alone. */
export interface UnderWay {
  readonly ledger: LedgerClient;
  /** Rules of the provisioning's plan that struck nothing. */
  readonly silentInProvisioning: readonly string[];
  /** Its first load went under a plan: every rule of it struck, and the destination is whole. */
  loaded(): Promise<void>;
  /** The source works under a plan until every rule of it has struck, and the destination is whole. */
  endures(plan: FaultPlan): Promise<void>;
  /** Ends it as a rehearsal ends. */
  end(): Promise<Rehearsed>;
  /** Stops whatever still runs. */
  close(): Promise<void>;
}

/** Plans under which a migration begins: one while the destination is provisioned, one in the first load. */
export interface Beginning {
  readonly provisioning?: FaultPlan;
  readonly load: FaultPlan;
}

/** Begins a migration; resolves behind its first load. */
export async function begun(
  kind: Destination,
  { provisioning = {}, load }: Beginning,
  options: Partial<RehearseOptions> & { readonly size: number },
): Promise<UnderWay> {
  const opened = Promise.withResolvers<Live>();
  const ending = Promise.withResolvers<void>();
  let silentInProvisioning: readonly string[] = [];
  const running = rehearsed(
    { ...kind.options, ...options },
    {
      empty: (destination) => plant(destination, provisioning.provisioning ?? []),
      async prepared(surroundings) {
        silentInProvisioning = await silent(surroundings);
        await unplant(surroundings.destination);
        setInMigration(surroundings, ["loader"], kind.loader(options.size));
        await plant(surroundings.destination, load.rules ?? []);
      },
      async live(parts) {
        opened.resolve(parts);
        await ending.promise;
      },
    },
  );
  running.catch(opened.reject);
  const live = await opened.promise;
  const { surroundings } = live;
  let worked = 0;

  const works = async (plan: FaultPlan): Promise<void> => {
    worked += 1;
    await work(surroundings.qdispatch, worked);
    await plan.work?.(surroundings.qdispatch, worked);
  };

  const whole = async (plan: FaultPlan): Promise<void> => {
    await arrived(live);
    for (let more = 0; (await silent(surroundings)).length > 0 && more < mostWorks; more++) {
      await works(plan);
      await arrived(live);
    }
    expect(await silent(surroundings)).toEqual([]);
    if (plan.stays !== true) await unplant(surroundings.destination);
    expect(await amissNow(kind, live)).toEqual([]);
  };

  return {
    ledger: live.ledger,
    silentInProvisioning,
    loaded: () => whole(load),
    async endures(plan) {
      const rules = [
        ...(plan.rules ?? []),
        ...((await plan.rulesFor?.(surroundings.qdispatch)) ?? []),
      ];
      await plant(surroundings.destination, rules);
      try {
        await works(plan);
        await whole(plan);
        if (plan.stays === true) {
          // How much came before it struck is chance: what comes now meets it.
          await works(plan);
          await whole(plan);
        }
      } finally {
        if (plan.stays !== true) await unplant(surroundings.destination);
      }
    },
    end() {
      ending.resolve();
      return running;
    },
    async close() {
      ending.reject(new Error("The test has ended before its migration."));
      await running.then(
        (run) => run.close(),
        () => undefined,
      );
    },
  };
}

/** Waits until all that stands at the source now was loaded and read back: as a finish proves it. */
async function arrived({ context, surroundings, ledger }: Live): Promise<void> {
  const { now } = await surroundings.qdispatch.call<{ now: string }>("GET", "clock");
  await finish(context, ledger, Date.parse(now));
}

/** What is amiss before anything was repaired. */
async function amissNow(kind: Destination, live: Live): Promise<readonly string[]> {
  const deviating = await live.ledger.deviating();
  return [
    ...(await kind.amiss({ ...live, reconciliation: await live.ledger.reconciliation() })),
    ...deviating.map(({ object, key, reason }) => `${object} ${key}: ${reason}`),
  ];
}
