import { benchedOf } from "./benched.ts";
import { dynamicsLimits } from "./dynamics-limits.ts";
import { salesforceLimits } from "./salesforce-limits.ts";

/** How close the load comes to what the destination's published limits allow. */
export function bench(args: Record<string, string>): Promise<object> {
  return benchedOf(args).kind === "dynamics" ? dynamicsLimits(args) : salesforceLimits(args);
}
