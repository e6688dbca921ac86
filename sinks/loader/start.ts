import type { ControlState } from "../../pipeline/core/control.ts";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Identity, Parked, Preimage, Request } from "../../pipeline/core/generated/records.ts";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import type { Plan } from "../../pipeline/core/plan.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { type Consumed, openAssignedConsumer } from "../../pipeline/kafka/consumer.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { identityTopic, parkedTopic, preimageTopic, requestTopic } from "../../topics/index.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Plans } from "./plans.ts";
import { referencesOf, rowId } from "./taken.ts";

/** Throws PLAN_NOT_CONFIRMED, naming what is missing and who can mend it. */
export function checkGates(control: ControlState, plan: Plan, planHash: string): void {
  const confirmed = control.get("plan", "plan")?.hash;
  if (confirmed !== planHash) {
    refuse(
      confirmed === undefined
        ? "no plan is confirmed: run `cutover map --confirm`"
        : "the confirmed plan is another one: confirm this one, or load with that one",
    );
  }
  if (!control.gatePassed("approve", planHash)) {
    refuse("the sample of this plan is not approved: run `cutover sample`, then `cutover approve`");
  }
  const owned = plan.objects.some((object) => object.fields.some((field) => field.owner === true));
  if (owned && control.get("owners", "owners") === undefined) {
    refuse("the owners are not confirmed: run `cutover preflight` and confirm them");
  }
}

function refuse(why: string): never {
  throw new CutoverError("PLAN_NOT_CONFIRMED", `Nothing is loaded: ${why}.`);
}

/** The topics the store is a cache of. */
function stateTopics(migration: string): readonly string[] {
  return [identityTopic, requestTopic, parkedTopic, preimageTopic].map((of) => of(migration).name);
}

/**
 * Brings the store up to the state topics' ends, from where it stood. Called behind the fence, so
 * nothing is added meanwhile. A store that stands behind the topics' ends is of other topics: it is
 * made anew.
 */
export async function catchUp(
  connection: KafkaConnection,
  codecs: Codecs,
  store: LoaderStore,
  migration: string,
  plans: Plans,
): Promise<void> {
  const topics = stateTopics(migration);
  const ends = await highWatermarks(connection, topics);
  const stood = store.positions();
  const endOf = (place: TopicOffset) => ends.get(place.topic)?.[place.partition] ?? 0;
  const foreign = stood.some((place) => place.offset > endOf(place));
  if (foreign) store.clear();
  const consumer = await openAssignedConsumer(connection, {
    group: `${connection.clientId}.state`,
    topics,
    from: "beginning",
  });
  try {
    if (!foreign) await consumer.seek(stood.filter((place) => place.offset > 0));
    let progressAt = performance.now();
    while (consumer.positions().some((place) => place.offset < endOf(place))) {
      const records = await consumer.poll(2000);
      if (records.length > 0) progressAt = performance.now();
      store.begin();
      for (const record of records) await apply(record, codecs, store, migration, plans);
      store.putPositions(consumer.positions());
      store.commit();
      if (performance.now() - progressAt > 30_000) {
        throw new CutoverError("BROKER_UNAVAILABLE", "No progress for 30 s reading our own state.");
      }
    }
  } finally {
    store.rollback();
    await consumer.close();
  }
}

/** After a clean end the store holds all there is: the next start has nothing to read again. */
export async function noteEnds(
  connection: KafkaConnection,
  store: LoaderStore,
  migration: string,
): Promise<void> {
  const ends = await highWatermarks(connection, stateTopics(migration));
  store.putPositions(
    [...ends].flatMap(([topic, offsets]) =>
      offsets.map((offset, partition) => ({ topic, partition, offset })),
    ),
  );
}

async function apply(
  consumed: Consumed,
  codecs: Codecs,
  store: LoaderStore,
  migration: string,
  plans: Plans,
): Promise<void> {
  const { topic, key, value } = consumed;
  if (topic === parkedTopic(migration).name) {
    if (value === null) store.parked.remove(key as string);
    else await applyParked(value, codecs, store, plans);
    return;
  }
  if (value === null) return;
  if (topic === identityTopic(migration).name)
    store.putIdentity(await codecs.decode<Identity>(value));
  else if (topic === preimageTopic(migration).name) {
    store.putPreimage(await codecs.decode<Preimage>(value));
  } else applyRequest(await codecs.decode<Request>(value), value, store);
}

async function applyParked(
  value: Buffer,
  codecs: Codecs,
  store: LoaderStore,
  plans: Plans,
): Promise<void> {
  const parked = await codecs.decode<Parked>(value);
  const plan = plans.of(parked.object, parked.entity);
  const record = await codecs.decode<LoadRecord>(parked.record);
  const self = rowId(parked.object, parked.key);
  const targets = referencesOf(plan, record).map((target) => rowId(target.object, target.key));
  store.putParked(
    parked,
    value,
    targets.filter((target) => target !== self),
  );
}

function applyRequest(request: Request, framed: Buffer, store: LoaderStore): void {
  const open = request.state !== "ended" && request.state !== "abandoned";
  store.putRequest(request.request_id, framed, open);
  for (const group of request.groups) {
    if (group.operation === "insert") store.scanned(group.object);
  }
}
