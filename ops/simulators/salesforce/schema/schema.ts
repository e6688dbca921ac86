import { z } from "zod";
import type { Database } from "../store/database.ts";
import { type CustomField, customField, factsOf, objectOrder } from "./custom.ts";
import { type Field, fieldOf } from "./field.ts";
import { putField, type SObject, sobjectOf } from "./sobject.ts";
import { businessObjects } from "./standard-business.ts";
import { activityObjects } from "./standard-activity.ts";
import { fileObjects } from "./standard-files.ts";
import { serviceObjects } from "./standard-service.ts";
import { setupObjects } from "./standard-setup.ts";

/** A lookup that points at an object. */
export interface ChildRelation {
  readonly child: SObject;
  readonly field: Field;
}

/** Every sObject of the org. */
export interface Schema {
  readonly objects: readonly SObject[];
  /** The object of a name, whatever its case. */
  find(name: string): SObject | undefined;
  byPrefix(prefix: string): SObject | undefined;
  childrenOf(object: SObject): readonly ChildRelation[];
  /** Makes what an order names and is not there, and brings the rest to what it says; repeats change nothing. */
  apply(orders: readonly z.infer<typeof objectOrder>[]): void;
  /** How often the schema was changed since the start. */
  changes(): number;
}

const standardObjects = [
  ...businessObjects,
  ...serviceObjects,
  ...activityObjects,
  ...fileObjects,
  ...setupObjects,
];
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const keptObject = objectOrder.omit({ fields: true }).extend({ keyPrefix: z.string() });
type ObjectHead = Omit<z.infer<typeof objectOrder>, "fields">;

/** Opens the org's schema: the standard objects and what was created before. `onChange` is told of each object that is new or changed. */
export function openSchema(database: Database, onChange: (object: SObject) => void): Schema {
  const byName = new Map<string, SObject>();
  const byPrefix = new Map<string, SObject>();
  const children = new Map<string, ChildRelation[]>();
  let changes = 0;
  const keep = database.sql.prepare(
    "INSERT INTO definition (object, field, body) VALUES (?, ?, ?) ON CONFLICT (object, field) DO UPDATE SET body = excluded.body",
  );
  const add = (object: SObject): void => {
    byName.set(object.name.toLowerCase(), object);
    byPrefix.set(object.keyPrefix, object);
  };
  const makeObject = ({ name, label, granted = true }: ObjectHead, keyPrefix: string): SObject => {
    const nameField = {
      name: "Name",
      type: "string",
      length: 80,
      nameField: true,
      idLookup: true,
    } as const;
    const owner = { name: "OwnerId", type: "reference", relationshipName: "Owner" } as const;
    const facts = [
      { ...owner, referenceTo: ["Group", "User"], nillable: false, defaulted: true },
      { ...nameField, nillable: true },
    ];
    const object = sobjectOf({
      name,
      keyPrefix,
      granted,
      fields: facts,
      ...(label ? { label } : {}),
    });
    add(object);
    return object;
  };
  const relink = (): void => {
    widen([...byName.values()]);
    children.clear();
    for (const child of byName.values()) {
      for (const field of child.fields.values()) {
        for (const to of field.referenceTo) {
          if (field.audit || to === "User") continue;
          children.set(to, [...(children.get(to) ?? []), { child, field }]);
        }
      }
    }
  };
  const addField = (object: SObject, order: CustomField): void =>
    putField(object, fieldOf(factsOf(order)));
  const nextPrefix = (): string => {
    const made = [...byName.values()].filter((object) => object.custom).length;
    return `a${digits[Math.floor(made / 62)] ?? "z"}${digits[made % 62] ?? "0"}`;
  };
  const apply: Schema["apply"] = (orders) => {
    const changed = new Set<SObject>();
    database.transaction(() => {
      for (const order of orders) {
        const keyPrefix = nextPrefix();
        const known = byName.get(order.name.toLowerCase());
        if (known === undefined && !order.name.endsWith("__c")) {
          throw new Error(`There is no standard object ${order.name}; a custom one ends in __c.`);
        }
        const object = known ?? makeObject(order, keyPrefix);
        if (known === undefined)
          keep.run(object.name, "", JSON.stringify({ ...order, fields: undefined, keyPrefix }));
        for (const field of order.fields) {
          addField(object, field);
          keep.run(object.name, field.name, JSON.stringify(field));
        }
        changed.add(object);
      }
    });
    relink();
    changes += 1;
    for (const object of changed) onChange(object);
  };
  for (const facts of standardObjects) add(sobjectOf(facts));
  restore(database, byName, makeObject, addField);
  relink();
  return {
    get objects() {
      return [...byName.values()];
    },
    find: (name) => byName.get(name.toLowerCase()),
    byPrefix: (prefix) => byPrefix.get(prefix),
    childrenOf: (object) => children.get(object.name) ?? [],
    apply,
    changes: () => changes,
  };
}

/** Adds the custom objects to the lookups that reach records of any kind. */
function widen(objects: readonly SObject[]): void {
  const custom = objects.filter((object) => object.custom).map((object) => object.name);
  for (const object of objects) {
    for (const field of object.fields.values()) {
      if (!field.reachesCustom) continue;
      const standard = field.referenceTo.filter((name) => !name.endsWith("__c"));
      putField(object, { ...field, referenceTo: [...standard, ...custom] });
    }
  }
}

function restore(
  database: Database,
  byName: ReadonlyMap<string, SObject>,
  makeObject: (head: ObjectHead, keyPrefix: string) => SObject,
  addField: (object: SObject, order: CustomField) => void,
): void {
  const kept = database.sql
    .prepare("SELECT object, field, body FROM definition ORDER BY seq")
    .all();
  for (const row of kept as { object: string; field: string; body: string }[]) {
    const body: unknown = JSON.parse(row.body);
    if (row.field === "") {
      const { keyPrefix, ...head } = keptObject.parse(body);
      makeObject(head, keyPrefix);
    } else {
      const object = byName.get(row.object.toLowerCase());
      if (object !== undefined) addField(object, customField.parse(body));
    }
  }
}
