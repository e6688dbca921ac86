import { z } from "zod";
import { secretText } from "../secret-reference.ts";

const application = { client_id: secretText, client_secret: secretText };

/** `destination:` of a `migration.yaml` that moves into Dynamics 365. */
export const dynamicsBlock = z.strictObject({
  kind: z.literal("dynamics"),
  url: z.url().describe("The environment's address: https://<name>.crm.dynamics.com."),
  tenant_id: z.string().min(1).describe("The directory the application users belong to."),
  token_url: z
    .url()
    .optional()
    .describe("Where tokens are given, where it is not the vendor's address for the tenant."),
  ...application,
  users: z
    .array(z.strictObject(application))
    .default([])
    .describe("Further application users, each with service protection limits of its own."),
  publisher_prefix: z
    .string()
    .regex(/^(?!mscrm)[a-z][a-z0-9]{1,7}$/, "two to eight lower-case letters and digits")
    .default("qd")
    .describe("What the names of our tables and columns begin with."),
  detect_duplicates: z
    .boolean()
    .default(false)
    .describe("Whether the environment's duplicate detection rules hold for our rows."),
  bypass_logic: z
    .enum(["none", "sync", "all"])
    .default("none")
    .describe(
      "Plug-ins and workflows our rows pass by: none, those that run at once, or all; takes a privilege.",
    ),
  bypass_flows: z.boolean().default(false).describe("Whether our rows start no cloud flows."),
  allow_loopback: z
    .boolean()
    .default(false)
    .describe("Plain http to this machine: for rehearsals only; reports say so."),
  timeout_seconds: z.number().int().min(1).max(600).default(120),
});

/** The same, as read. */
export type DynamicsBlock = z.infer<typeof dynamicsBlock>;
