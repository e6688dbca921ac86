import type { MayLeave } from "../sink.ts";
import type { DynamicsClient } from "./client.ts";

/** The same door for calls that belong together: none leaves once `mayLeave` says no. */
export function leavingClient(client: DynamicsClient, mayLeave: MayLeave): DynamicsClient {
  return {
    ...client,
    call: (one) => client.call({ ...one, mayLeave }),
    get parallel() {
      return client.parallel;
    },
    get serverTime() {
      return client.serverTime;
    },
  };
}
