declare global {
  interface JSON {
    /** Text that `JSON.stringify` writes as it stands; the only way to put an int64 on the wire. */
    rawJSON(text: string): unknown;
  }
}

/** A record as this dialect sends it. */
export type Wire = Record<string, unknown>;

/** An id as a JSON number, digit by digit; an id that is no plain integer stays a string. */
export function idNumber(id: unknown): unknown {
  if (typeof id !== "string") return id ?? null;
  if (!/^(0|-?[1-9]\d{0,18})$/.test(id)) return id;
  return id.length < 16 ? Number(id) : JSON.rawJSON(id);
}

/** Ids as JSON numbers. */
export function ids(values: unknown): unknown[] {
  return Array.isArray(values) ? values.map(idNumber) : [];
}

/** Coordinates as numbers where a number says the same, else as they stand. */
export function coordinate(text: unknown): unknown {
  const value = typeof text === "string" ? Number(text) : Number.NaN;
  return Number.isFinite(value) && String(value) === text ? value : (text ?? null);
}

type Money = { amount: string; currency?: string | null } | null | undefined;

/** Decimal strings, as the copied API sends them. */
export function amount(value: unknown): string | null {
  return (value as Money)?.amount ?? null;
}

/** The one currency a row of this dialect has. */
export function currencyOf(...values: unknown[]): string | null {
  return values.map((value) => (value as Money)?.currency).find(Boolean) ?? null;
}

/** Custom properties as name and value. */
export function custom(row: Record<string, unknown>): unknown[] {
  const values = (row["custom"] ?? []) as { key: string; label?: string | null; value: unknown }[];
  return values.map(({ key, label, value }) => ({ name: key, label: label ?? null, value }));
}

/** A list, empty where there is none. */
export const list = (value: unknown): unknown => value ?? [];
