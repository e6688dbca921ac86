/** A label in the one language there is, as the service writes it. */
export function labelOf(text: string | undefined): object {
  if (text === undefined) return { LocalizedLabels: [], UserLocalizedLabel: null };
  const localized = {
    Label: text,
    LanguageCode: 1033,
    IsManaged: false,
    MetadataId: null,
    HasChanged: null,
  };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}

/** The text of a label in the base language, whatever of the label was sent. */
export function textOfLabel(label: unknown): string | undefined {
  if (typeof label !== "object" || label === null) return undefined;
  const { LocalizedLabels: all, UserLocalizedLabel: own } = label as Record<string, unknown>;
  const list = (Array.isArray(all) ? all : []) as Record<string, unknown>[];
  const found = list.find((one) => one["LanguageCode"] === 1033) ?? list[0] ?? own;
  const text = (found as Record<string, unknown> | undefined | null)?.["Label"];
  return typeof text === "string" ? text : undefined;
}

/** A property a solution may lock, as metadata shows it. */
export function managed(value: unknown, name: string): object {
  return { Value: value, CanBeChanged: true, ManagedPropertyLogicalName: name };
}

/** The plain value of such a property, or of one that was sent plainly. */
export function valueOfManaged(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as { Value?: unknown }).Value : value;
}
