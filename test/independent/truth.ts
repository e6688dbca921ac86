/** A record of the simulator's truth, whatever its entity. */
export interface TruthRecord {
  readonly id: string;
  readonly deleted: boolean;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Entities the independent check reads. */
export const truthEntities = [
  "user",
  "technician",
  "zone",
  "customer",
  "service_location",
  "contact",
  "contact_link",
  "job",
  "line_item",
  "assignment",
  "appointment",
  "note",
  "attachment",
  "activity",
  "invoice",
  "payment",
  "custom_property_def",
] as const;

/** One of them. */
export type TruthEntity = (typeof truthEntities)[number];

/** Every record of those entities at its newest version, by id. */
export type Truth = Readonly<Record<TruthEntity, ReadonlyMap<string, TruthRecord>>>;

/** Reads the truth from the admin port of the Q Dispatch simulator. */
export async function readTruth(admin: string): Promise<Truth> {
  return truthFrom(async (entity) => {
    const response = await fetch(`${admin}/truth/${entity}?full=1`);
    if (!response.ok) throw new Error(`truth/${entity}: ${response.status}`);
    return response.text();
  });
}

/** The truth from the lines an entity's endpoint answers with. */
export async function truthFrom(linesOf: (entity: string) => Promise<string>): Promise<Truth> {
  const entries = await Promise.all(
    truthEntities.map(async (entity) => [entity, recordsIn(await linesOf(entity))] as const),
  );
  return Object.fromEntries(entries) as unknown as Truth;
}

function recordsIn(lines: string): Map<string, TruthRecord> {
  const records = new Map<string, TruthRecord>();
  for (const line of lines.split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line) as TruthRecord;
    // A line moved between jobs is told once by each; the living one counts.
    if (records.get(record.id)?.deleted !== false) records.set(record.id, record);
  }
  return records;
}
