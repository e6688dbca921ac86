import { asGuid } from "../identifier.ts";
import { badArgument } from "../web/api-error.ts";
import type { Call, Reply, Resource } from "../web/call.ts";
import { writerOf } from "../write/writer.ts";

/** LockInvoicePricing and UnlockInvoicePricing: whether an invoice keeps the prices it has. */
export const invoicePricingResources: readonly Resource[] = [
  { name: "LockInvoicePricing", handle: (call) => lock(call, true) },
  { name: "UnlockInvoicePricing", handle: (call) => lock(call, false) },
];

function lock(call: Call, ispricelocked: boolean): Reply {
  const given = (call.body ?? {}) as Record<string, unknown>;
  const id = asGuid(String(given["InvoiceId"]));
  if (id === undefined) throw badArgument("The parameter InvoiceId is missing.");
  const writer = writerOf(call.env, call.caller);
  writer.update(writer.read("invoice", id), { ispricelocked }, { internal: true });
  return { status: 204 };
}
