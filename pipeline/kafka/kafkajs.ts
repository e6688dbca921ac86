import { createRequire } from "node:module";
import kafkajs from "kafkajs";

/** What waits to be sent on one of its connections. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const path = "kafkajs/src/network/requestQueue/index.js";
const { prototype: queue } = createRequire(import.meta.url)(path) as {
  readonly prototype: RequestQueue;
};
const schedule = queue.scheduleCheckPendingRequests;

/**
 * kafkajs 2.2.4 looks after a connection's waiting requests also where none wait, by a timer of a
 * negative time: Node warns of it at every start, and the timer comes again each millisecond.
 */
queue.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this);
};

export default kafkajs;
