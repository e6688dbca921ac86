/** A moment as the destination keeps it: to the second. */
export function seconds(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString();
}

/** A written moment in that form, null for none. */
export function moment(at: unknown): string | null {
  return typeof at === "string" ? seconds(Date.parse(at)) : null;
}

/** The values of a multi-select, sorted. */
export function roles(values: readonly string[]): string | null {
  const titled = values.map((role) => role.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()));
  return titled.length === 0 ? null : [...new Set(titled)].sort().join(";");
}

/** A text as the destination keeps it: trimmed, nothing for an empty one. */
export function text(value: unknown): string | null {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? null : trimmed;
}

/** The exact amount of a money value. */
export function amount(value: unknown): string | null {
  return number((value as { amount?: string } | null | undefined)?.amount);
}

/** A decimal text in its shortest form; never by way of a float. */
export function number(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  const [, sign = "", whole = "", fraction = ""] =
    /^(-?)0*(\d*)\.?(\d*?)0*$/.exec(String(value)) ?? [];
  const digits = `${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  return digits === "0" ? "0" : `${sign}${digits}`;
}

/** An e-mail address as owners are matched by it. */
export function comparableEmail(email: unknown): string {
  return String(email ?? "")
    .trim()
    .toLowerCase();
}

/** A text's letters and digits: what is left of it however its markup and spaces are handled. */
export function letters(value: string): string {
  return value
    .replace(/<script[\s\S]*?(<\/script>|$)/gi, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&[a-z]+;/g, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}
