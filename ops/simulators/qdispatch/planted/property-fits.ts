import type { Row } from "../truth/row.ts";

type Fits = (value: unknown) => boolean;

/** Whether a value is what its property's definition says; types that take anything are left out. */
export function fitOf(definition: Row): Fits | undefined {
  const options = new Set(definition["options"] as string[] | undefined);
  const absent = (value: unknown): boolean => value === null || value === undefined;
  switch (definition["type"]) {
    case "integer":
      return (value) => absent(value) || /^-?\d+$/.test(String(value));
    case "number":
      return (value) => absent(value) || /^-?\d+(\.\d+)?$/.test(String(value));
    case "boolean":
      return (value) => absent(value) || typeof value === "boolean";
    case "picklist":
      return (value) => absent(value) || options.has(String(value));
    case "multi_picklist":
      return (value) =>
        absent(value) || (Array.isArray(value) && value.every((one) => options.has(String(one))));
    default:
      return undefined;
  }
}
