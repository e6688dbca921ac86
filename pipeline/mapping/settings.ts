import { z } from "zod";

/** Every choice a mapping may depend on, by the name `migration.yaml` has for it. */
const choices = {
  audit_fields: z
    .boolean()
    .describe("Whether the org lets an insert set creation stamps and authors."),
  further_sites: z
    .enum(["text", "accounts"])
    .describe("A customer's sites: a list in a text field, or child accounts."),
  shared_contacts: z
    .enum(["relations", "copies"])
    .describe("A contact of several customers: one row with relations, or a copy per customer."),
  crew: z
    .enum(["junction", "team"])
    .describe("Technicians of a job: rows of Job_Technician__c, or members of the case team."),
  long_notes: z
    .enum(["split", "file"])
    .describe("A note over 4,000 bytes: several comments, or a text file."),
  invoices: z
    .enum(["object", "json", "none"])
    .describe("Invoices and payments: objects of their own, JSON on the case, or nothing."),
};

/** The settings of `migration.yaml` that decide what is mapped. */
export const settingsSchema = z.strictObject({
  audit_fields: choices.audit_fields.default(false),
  further_sites: choices.further_sites.default("text"),
  shared_contacts: choices.shared_contacts.default("relations"),
  crew: choices.crew.default("junction"),
  long_notes: choices.long_notes.default("split"),
  invoices: choices.invoices.default("object"),
});

/** The settings, each decided. */
export type MappingSettings = z.infer<typeof settingsSchema>;

/** For which settings something of a mapping holds. */
export const settingMatchSchema = z.strictObject(choices).partial();

/** What a mapping says of the settings it holds for. */
export type SettingMatch = z.infer<typeof settingMatchSchema>;

/** Whether something holds under these settings; what says nothing always does. */
export function holdsFor(match: SettingMatch | undefined, settings: MappingSettings): boolean {
  return Object.entries(match ?? {}).every(
    ([name, value]) => settings[name as keyof MappingSettings] === value,
  );
}

/** Settings with what is left open decided by the defaults. */
export function decided(settings: Partial<MappingSettings>): MappingSettings {
  return { ...settingsSchema.parse({}), ...settings };
}
