import type {
  Cursor,
  Identity,
  Observed,
  Parked,
  Preimage,
  Request,
} from "../pipeline/core/generated/records.ts";
import { sizeConfig, stateConfig, type Topic } from "./topic.ts";

function state<T>(name: string, schema: string, key: (value: T) => string): Topic<T> {
  return {
    name,
    schema: `cutover/${schema}`,
    compatibility: "BACKWARD",
    key,
    partitions: "data",
    cleanup: "compact",
    config: { ...stateConfig, ...sizeConfig },
  };
}

/** The loader's memory: which destination row a record is, and what was last loaded into it. */
export const identityTopic = (migration: string): Topic<Identity> =>
  state(`${migration}.identity`, "identity", (value) => `${value.object}|${value.key}`);

/** What was sent, or is about to be. */
export const requestTopic = (migration: string): Topic<Request> =>
  state(`${migration}.request`, "request", (value) => value.request_id);

/** Records that wait, with their reason; a null value removes the entry. */
export const parkedTopic = (migration: string): Topic<Parked> =>
  state(`${migration}.parked`, "parked", (value) => `${value.object}|${value.key}`);

/** Rows that were there before us, as they were before our first write. */
export const preimageTopic = (migration: string): Topic<Preimage> =>
  state(`${migration}.preimage`, "preimage", (value) => `${value.object}|${value.destination_id}`);

/** Destination rows as read; sweeps' begins and ends. */
export const observedTopic = (migration: string): Topic<Observed> =>
  state(`${migration}.observed`, "observed", (value) =>
    value.kind === "row"
      ? `${value.object}|${value.destination_id}`
      : `${value.object}|${value.kind}|${value.read_id}`,
  );

/** Where each lane of each stream stands. */
export const cursorTopic = (migration: string): Topic<Cursor> =>
  state(`${migration}.cursor`, "cursor", (value) => `${value.stream}|${value.lane}`);
