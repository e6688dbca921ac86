import type { Control, Outcome } from "../pipeline/core/generated/records.ts";
import { auditConfig, sizeConfig, type Topic } from "./topic.ts";

/** How each version of each record ended: exactly one per (object, key, version). */
export const outcomeTopic = (migration: string): Topic<Outcome> => ({
  name: `${migration}.outcome`,
  schema: "cutover/outcome",
  compatibility: "BACKWARD",
  key: (value) => `${value.object}|${value.key}`,
  partitions: "data",
  cleanup: "delete",
  config: { ...auditConfig, ...sizeConfig },
});

/** Records no destination row can be made of: original bytes, the facts in headers. */
export const rejectedTopic = (migration: string): Topic<never> => ({
  name: `${migration}.rejected`,
  schema: null,
  compatibility: "BACKWARD",
  key: () => "",
  partitions: "data",
  cleanup: "delete",
  config: { ...auditConfig, ...sizeConfig },
});

/** Who decided what and when: a log its readers fold from the beginning. */
export const controlTopic = (migration: string): Topic<Control> => ({
  name: `${migration}.control`,
  schema: "cutover/control",
  compatibility: "BACKWARD",
  key: (value) => `${value.kind}|${value.name}`,
  partitions: "one",
  cleanup: "delete",
  config: { ...auditConfig, ...sizeConfig },
});
