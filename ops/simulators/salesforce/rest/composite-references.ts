import { ApiError } from "./api-error.ts";

/** Replies of subrequests so far, by reference id; undefined for one that failed. */
export type Answers = ReadonlyMap<string, unknown>;

const reference = /@\{([^}]+)\}/g;

/** A subrequest that refers to something that is not there. */
export class Unresolved extends ApiError {
  constructor(path: string, id: string) {
    const message = `Invalid reference specified. No value for ${path} found in ${id}`;
    super(400, "PROCESSING_HALTED", message);
  }
}

/** Replaces every `@{ref.path}` in a value by what the earlier reply holds. */
export function resolveReferences(value: unknown, answers: Answers): unknown {
  if (typeof value === "string") return resolveText(value, answers);
  if (Array.isArray(value)) return value.map((one) => resolveReferences(one, answers));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, resolveReferences(one, answers)]),
  );
}

function resolveText(text: string, answers: Answers): unknown {
  const whole = /^@\{([^}]+)\}$/.exec(text);
  if (whole?.[1] !== undefined) return lookUp(whole[1], answers);
  return text.replace(reference, (_all, path: string) => String(lookUp(path, answers)));
}

function lookUp(path: string, answers: Answers): unknown {
  const steps = path.replace(/\[(\d+)\]/g, ".$1").split(".");
  const [id = "", ...rest] = steps;
  let at = answers.get(id);
  for (const step of rest) {
    if (typeof at !== "object" || at === null) throw new Unresolved(rest.join("."), id);
    const holder = at as Readonly<Record<string, unknown>>;
    // Fields are found whatever the case: replies say `id`, clients write `Id`.
    const name = Object.keys(holder).find((key) => key.toLowerCase() === step.toLowerCase());
    at = name === undefined ? undefined : holder[name];
  }
  if (at === undefined) throw new Unresolved(rest.join("."), id);
  return at;
}
