import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { connectionOf, type Migration } from "../../ops/migration/migration-file.ts";
import { sourceTopic } from "../../topics/index.ts";
import { aContact, aCustomer, aJob, aLineItem } from "../builders.ts";
import type { Sizes } from "./sizes.ts";

const seedBatch = 5000;

/** Commits records to the source topics; the same numbers give the same records. */
export async function seedRecords(migration: Migration, sizes: Sizes): Promise<void> {
  const { accounts, contacts, orders, lines, closed } = sizes;
  const at = (n: number, of: number): string => String(n % Math.max(of, 1));
  await seedOne(migration, "customer", accounts, (n) =>
    aCustomer({ id: String(n), name: `Customer ${words(n, 3)}`, account_number: `A-${n}` }),
  );
  await seedOne(migration, "contact", contacts, (n) =>
    aContact({
      id: String(n),
      customer_id: at(n, accounts),
      last_name: `Baker ${words(n, 1)}`,
      emails: [{ value: `contact-${n}@customer.example`, label: null }],
    }),
  );
  await seedOne(migration, "job", orders, (n) =>
    aJob({
      id: String(n),
      number: `J-${n}`,
      customer_id: at(n, accounts),
      contact_id: contacts === 0 ? null : at(n, contacts),
      owner_id: null,
      assignments: [],
      description: words(n, 12),
      customer_po: `PO-${(n * 7919) % 100_003}`,
      total: { amount: ((n % 100_000) / 100).toFixed(2), currency: "USD" },
      ...(n < closed ? {} : { status: "Assigned", status_group: "open", completed_at: null }),
    }),
  );
  await seedOne(migration, "line_item", lines, (n) =>
    aLineItem({
      id: String(n),
      job_id: at(n, orders),
      position: 1 + Math.floor(n / Math.max(orders, 1)),
      description: words(n, 4),
      technician_id: null,
    }),
  );
}

async function seedOne(
  migration: Migration,
  entity: "customer" | "contact" | "job" | "line_item",
  count: number,
  record: (n: number) => SourceRecord,
): Promise<void> {
  if (count === 0) return;
  const connection = connectionOf(migration, "bench");
  const topic = sourceTopic(migration.name, entity);
  const encode = await openCodecs(connection).encoder(topic);
  const producer = await openTransactionalProducer(connection, {
    transactionalId: `${migration.name}.seed`,
    stage: { log: openLog("bench", "warn"), metrics: openMetrics() },
  });
  for (let first = 0; first < count; first += seedBatch) {
    await producer.transaction((tx) => {
      for (let n = first; n < Math.min(count, first + seedBatch); n += 1) {
        tx.send(topic.name, String(n), encode(record(n)));
      }
    });
  }
  await producer.close();
}

/** Texts that differ as real ones do: equal ones would compress to nothing. */
function words(n: number, count: number): string {
  return Array.from({ length: count }, (_, i) =>
    ((n * 2_654_435_761 * (i + 1)) % 4_294_967_291).toString(36),
  ).join(" ");
}
