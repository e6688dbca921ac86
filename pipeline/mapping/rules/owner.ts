import { z } from "zod";
import { sourceKey } from "../../core/source-key.ts";
import { MappingFault, requireType, rule, type RuleSite, type Source } from "./rule.ts";

/** A technician's part in a job. */
export interface Assignment {
  readonly technician_id: string | null;
  readonly role: string | null;
}

type FindOwner = (record: Source) => string | null;

/** Who owns the row. */
export const owner = rule({
  name: "owner",
  doc: "The row's owner: the first of these that the record has, as the source key of a technician or user, which the loader resolves through the confirmed owners; null stands for the fallback owner. `primary_assignment` is the assignment whose role is Primary; any other word is a field naming a user or technician, or technicians, of whom it is the first. `unresolved: empty` leaves the field empty where nobody was found.",
  example: "Owner: { owner: [primary_assignment, owner_id] }",
  schema: z.strictObject({
    owner: z.array(z.string()).min(1),
    unresolved: z.enum(["fallback", "empty"]).default("fallback"),
  }),
  compile(spec, site) {
    requireType(site, "reference");
    const finders = spec.owner.map((word) => finder(word, site));
    return {
      read(record) {
        for (const find of finders) {
          const key = find(record);
          if (key !== null) return key;
        }
        return null;
      },
      plan: { owner: true, ...(spec.unresolved === "empty" ? { unresolved: "empty" } : {}) },
    };
  },
});

function finder(word: string, site: RuleSite): FindOwner {
  if (word === "primary_assignment") {
    const { get } = site.path("assignments", "list");
    return (record) => primaryTechnician(get(record) as readonly Assignment[]);
  }
  if (word === "technician_ids") {
    const { get } = site.path(word, "list");
    return (record) => {
      const id = (get(record) as readonly string[]).find((each) => each !== "");
      return id === undefined ? null : sourceKey("technician", id);
    };
  }
  const entity = site.referenced(word);
  if (entity !== "user" && entity !== "technician") {
    throw new MappingFault(`${word} names a ${entity}, and owners are users or technicians`);
  }
  const { get } = site.path(word, "text");
  return (record) => {
    const id = get(record) as string | null;
    return id === null || id === "" ? null : sourceKey(entity, id);
  };
}

/** Source key of the technician whose role is Primary. */
export function primaryTechnician(assignments: readonly Assignment[]): string | null {
  for (const { role, technician_id: id } of assignments) {
    if (id !== null && id !== "" && role?.trim().toLowerCase() === "primary") {
      return sourceKey("technician", id);
    }
  }
  return null;
}
