/** What custom names begin with in the files of a mapping, where the destination has publishers. */
export const defaultPrefix = "qd";

const custom = new RegExp(`^${defaultPrefix}_(?=[a-z0-9_]+$)`);

/** Keys whose values are words of the tenant or of people, never names at the destination. */
const spoken: ReadonlySet<string> = new Set(
  "key label plural constant table empty values template not_carried labelled".split(" "),
);

/** A file's content with the default prefix of its names replaced by another. */
export function withPrefix(value: unknown, prefix: string): unknown {
  if (prefix === defaultPrefix) return value;
  const renamed = (text: string): string => text.replace(custom, `${prefix}_`);
  if (typeof value === "string") return renamed(value);
  if (Array.isArray(value)) return value.map((each) => withPrefix(each, prefix));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      renamed(key),
      spoken.has(key) ? item : withPrefix(item, prefix),
    ]),
  );
}
