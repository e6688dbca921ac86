import { sourceEntities } from "../pipeline/core/source-record.ts";
import { controlTopic, outcomeTopic, rejectedTopic } from "./audit.ts";
import { loadTopic } from "./load.ts";
import { sourceTopic } from "./source.ts";
import {
  cursorTopic,
  identityTopic,
  observedTopic,
  parkedTopic,
  preimageTopic,
  requestTopic,
} from "./state.ts";
import type { Topic } from "./topic.ts";

export { controlTopic, outcomeTopic, rejectedTopic } from "./audit.ts";
export { loadTopic } from "./load.ts";
export { sourceTopic } from "./source.ts";
export {
  cursorTopic,
  identityTopic,
  observedTopic,
  parkedTopic,
  preimageTopic,
  requestTopic,
} from "./state.ts";
export type { Topic } from "./topic.ts";

/** Every topic of a migration that loads these objects. */
export function allTopics(migration: string, objects: readonly string[]): readonly Topic<never>[] {
  return [
    ...sourceEntities.map((entity) => sourceTopic(migration, entity)),
    ...objects.map((object) => loadTopic(migration, object)),
    outcomeTopic(migration),
    identityTopic(migration),
    requestTopic(migration),
    preimageTopic(migration),
    parkedTopic(migration),
    rejectedTopic(migration),
    observedTopic(migration),
    cursorTopic(migration),
    controlTopic(migration),
  ] as readonly Topic<never>[];
}
