import { notLeft } from "../may-leave.ts";
import type { MayLeave } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";

/** The same door for calls that belong together: none leaves once `mayLeave` says no. */
export function leavingClient(client: SalesforceClient, mayLeave: MayLeave): SalesforceClient {
  const { dataPath, userId } = client;
  const checked = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!mayLeave()) throw notLeft("Salesforce");
    return work();
  };
  return {
    call: (one) => checked(() => client.call(one)),
    stream: (one) => checked(() => client.stream(one)),
    readMetadata: (type, names) => client.readMetadata(type, names),
    saveMetadata: (type, components) => checked(() => client.saveMetadata(type, components)),
    refresh: () => client.refresh(),
    ...{ dataPath, userId },
    get serverTime() {
      return client.serverTime;
    },
    close: () => client.close(),
  };
}
