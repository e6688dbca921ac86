import { z } from "zod";

/** Every choice a mapping may depend on, by the name `migration.yaml` has for it. */
const choices = {
  edition: z.enum(["enterprise", "professional"]).describe("What the tenant has licensed."),
  audit_fields: z
    .boolean()
    .describe("Whether the destination lets an insert set creation stamps and authors."),
  further_sites: z
    .enum(["text", "accounts"])
    .describe("A customer's sites: a list in a text field, or child accounts."),
  shared_contacts: z
    .enum(["relations", "copies"])
    .describe("A contact of several customers: one row with relations, or a copy per customer."),
  customers_without_work: z
    .enum(["account", "historical", "lead"])
    .describe(
      "Customers without open work: accounts like the others, accounts marked historical, or leads where there was never any work.",
    ),
  lines: z
    .enum(["rows", "merged"])
    .describe("Lines of a job: a row each, or equal lines as one with exact sums."),
  products: z
    .enum(["write_in", "catalogue"])
    .describe(
      "Lines of an opportunity: written in, or of the catalogue where their SKU or service type is a product's number.",
    ),
  price_list: z
    .string()
    .min(1)
    .describe("Name of the price list of opportunities with lines of the catalogue."),
  technicians: z
    .enum(["users", "table"])
    .describe("Technicians: users of the destination only, or rows of a table of their own too."),
  crew: z
    .enum(["junction", "team", "rows", "json"])
    .describe(
      "Technicians of a job: rows of an object of their own (`junction`, `rows`), members of the row's team, or JSON on it.",
    ),
  schedule: z
    .enum(["columns", "blocks", "activities"])
    .describe("Visits of a job: columns on it, rows of a table of their own, or activities."),
  notes: z
    .enum(["annotations", "table"])
    .describe("Notes: the destination's own, or rows of a table of their own."),
  long_notes: z
    .enum(["split", "file"])
    .describe("A note too long for one comment: several comments, or a text file."),
  invoices: z
    .enum(["object", "json", "business_central", "none"])
    .describe(
      "Invoices and payments: objects of their own, JSON on the job, files for a second phase, or nothing.",
    ),
};

/** Settings that take any text: what a destination offers of them is the default. */
const texts: ReadonlySet<keyof typeof choices> = new Set(["price_list"] as const);

type Choices = { readonly [N in keyof typeof choices]: z.infer<(typeof choices)[N]> };

/** The settings of `migration.yaml` that decide what is mapped; the destination decides what is left open. */
export const settingsSchema = z.strictObject(choices).partial();

/** What a migration has set. */
export type GivenSettings = z.infer<typeof settingsSchema>;

/** The settings, each decided; those the destination does not have are left out. */
export type MappingSettings = Partial<Choices> & Pick<Choices, "audit_fields">;

/** What a destination offers of a setting: the default first. */
export type SettingOffers = (edition: Choices["edition"] | undefined) => {
  readonly [N in keyof Choices]?: readonly [Choices[N], ...(readonly Choices[N][])];
};

/** For which settings something of a mapping holds: a value, or one of several. */
export const settingMatchSchema = z.strictObject(matches(choices)).partial();

function matches<T extends Readonly<Record<string, z.ZodType>>>(all: T) {
  const entries = Object.entries(all).map(([name, choice]) => {
    const match = z.union([choice, z.array(choice).min(1)]);
    return [name, match.describe(choice.description ?? "")];
  });
  return Object.fromEntries(entries) as { [N in keyof T]: z.ZodUnion<[T[N], z.ZodArray<T[N]>]> };
}

/** What a mapping says of the settings it holds for. */
export type SettingMatch = z.infer<typeof settingMatchSchema>;

/** Whether something holds under these settings; what says nothing always does. */
export function holdsFor(match: SettingMatch | undefined, settings: MappingSettings): boolean {
  return Object.entries(match ?? {}).every(([name, value]) =>
    [value].flat().some((each) => each === settings[name as keyof MappingSettings]),
  );
}

/** Settings with what is left open decided by the destination's defaults; adds to `faults` what it does not offer. */
export function decided(
  offered: SettingOffers,
  given: GivenSettings,
  faults: string[],
): MappingSettings {
  const offers = offered(given.edition ?? offered(undefined).edition?.[0]);
  const settings: Record<string, unknown> = { audit_fields: false };
  for (const name of Object.keys(choices) as (keyof Choices)[]) {
    const offer: readonly unknown[] | undefined = offers[name];
    const value = given[name] ?? offer?.[0];
    if (value === undefined) continue;
    settings[name] = value;
    if (offer?.includes(value) === true || (offer !== undefined && texts.has(name))) continue;
    const choice = offer === undefined ? "it has no such setting" : `choose ${offer.join(" or ")}`;
    faults.push(
      `migration.yaml: settings.${name}: the destination has no ${String(value)}: ${choice}`,
    );
  }
  return settings as MappingSettings;
}
