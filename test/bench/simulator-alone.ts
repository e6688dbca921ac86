import { loadDynamicsAlone } from "./dynamics-alone.ts";
import type { Road } from "./road.ts";
import { loadSalesforceAlone } from "./salesforce-alone.ts";

/** Feeds a fresh destination what a road has loaded, without the product: it must not be the bottleneck. */
export function loadAlone(road: Road): Promise<object> {
  return road.benched.kind === "dynamics" ? loadDynamicsAlone(road) : loadSalesforceAlone(road);
}
