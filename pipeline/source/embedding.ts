import { ownerOf } from "../core/source-record.ts";
import { rootEntities } from "./compose.ts";
import { customerCounted } from "./job-counts.ts";
import { namesOf, type RecordName, type SourceStore, type Stored } from "./source-store.ts";
import type { Version } from "./work.ts";

/** A root whose columns a written record may change. */
export interface Embedding {
  readonly root: RecordName;
  /** One of the root's sets has changed, not only a part that is looked up anyway. */
  readonly sets: boolean;
}

/** The roots that embed a record, as it was and as it is now; some are not read yet. */
export function* embeddings(
  { entity, id, record, death }: Version,
  before: Stored | undefined,
  store: SourceStore,
): Generator<Embedding> {
  const self = { entity, id };
  // Its members may have changed while it was dead.
  const revived = death === null && before !== undefined && before.state !== "alive";
  if (revived && rootEntities.includes(entity)) yield { root: self, sets: true };
  const named = [...namesOf(before?.names ?? ""), ...namesOf(store.names(entity, id))];
  if (entity === "service_location") {
    for (const root of named) if (root.entity === "customer") yield { root, sets: true };
    for (const root of store.naming(self, "job")) yield { root, sets: false };
  }
  if (entity === "zone") {
    for (const root of store.naming(self, "job")) yield { root, sets: false };
  }
  if (entity === "job") {
    const counted = [before?.counted ?? "", store.counted(entity, id)] as const;
    for (const customer of counted[0] === counted[1] ? [] : counted.map(customerCounted)) {
      if (customer !== undefined) yield { root: { entity: "customer", id: customer }, sets: true };
    }
    for (const root of store.naming(self, "invoice")) yield { root, sets: false };
  }
  if (ownerOf(entity, record)?.entity === "job") {
    for (const root of named) if (root.entity === "job") yield { root, sets: true };
  }
  if (entity === "line_item" || entity === "payment") {
    for (const root of named) if (root.entity === "invoice") yield* invoice(root, store);
  }
}

/** An invoice whose sums change, and the job that carries them too. */
function* invoice(root: RecordName, store: SourceStore): Generator<Embedding> {
  yield { root, sets: true };
  for (const job of namesOf(store.names(root.entity, root.id))) {
    if (job.entity === "job") yield { root: job, sets: true };
  }
}
