import type { z } from "zod";
import type { Database } from "../store/database.ts";
import { factsOf, type objectOrder } from "./custom.ts";
import { nextPrefix, withHead } from "./custom-object.ts";
import { type Definitions, definitionsOf } from "./definitions.ts";
import { type Field, fieldOf } from "./field.ts";
import { type ChildRelation, type ObjectMap, objectMap } from "./object-map.ts";
import { putField, type SObject, sobjectOf } from "./sobject.ts";
import { activityObjects } from "./standard-activity.ts";
import { businessObjects } from "./standard-business.ts";
import { fileObjects } from "./standard-files.ts";
import { permissionObjects } from "./standard-permissions.ts";
import { serviceObjects } from "./standard-service.ts";
import { setupObjects } from "./standard-setup.ts";

type ObjectOrder = z.infer<typeof objectOrder>;

/** Every sObject of the org. */
export interface Schema {
  readonly objects: readonly SObject[];
  /** The object of a name, whatever its case. */
  find(name: string): SObject | undefined;
  byPrefix(prefix: string): SObject | undefined;
  childrenOf(object: SObject): readonly ChildRelation[];
  /** Makes what an order names and is not there, and brings the rest to what it says; repeats change nothing. */
  apply(orders: readonly ObjectOrder[]): void;
  /** Removes a custom field, or a custom object with all it holds. */
  remove(object: SObject, field?: Field): void;
  /** What was created, as it was ordered. */
  readonly definitions: Definitions;
  /** How often the schema was changed since the start. */
  changes(): number;
}

/** Who must know of what changed in a schema. */
export interface SchemaWatcher {
  /** An object is new, or its fields have changed. */
  changed(object: SObject): void;
  removed(object: SObject, field?: Field): void;
}

const standardObjects = [
  ...businessObjects,
  ...serviceObjects,
  ...activityObjects,
  ...fileObjects,
  ...setupObjects,
  ...permissionObjects,
];

/** Opens the org's schema: the standard objects and what was created before. */
export function openSchema(database: Database, watcher: SchemaWatcher): Schema {
  const map = objectMap();
  const definitions = definitionsOf(database);
  let changes = 0;
  const settle = (): void => {
    map.relink();
    changes += 1;
  };
  for (const facts of standardObjects) map.add(sobjectOf(facts));
  restore(map, definitions);
  settle();
  return {
    get objects() {
      return map.all();
    },
    find: (name) => map.find(name),
    byPrefix: (prefix) => map.byPrefix(prefix),
    childrenOf: (object) => map.childrenOf(object),
    definitions,
    changes: () => changes,
    apply(given) {
      const orders = given.flatMap(withoutActivity);
      checkNames(map, orders);
      const make = (order: ObjectOrder): SObject => makeOne(map, definitions, order);
      const changed = database.transaction(() => new Set(orders.map(make)));
      settle();
      for (const object of changed) watcher.changed(object);
    },
    remove(object, field) {
      definitions.drop(object.name, field?.name);
      if (field === undefined) map.remove(object);
      else {
        object.fields.delete(field.name.toLowerCase());
        object.parents.delete(field.relationshipName?.toLowerCase() ?? "");
      }
      settle();
      watcher.removed(object, field);
    },
  };
}

/** Task and Event share their custom fields: they are created on Activity, which is no object of its own. */
function withoutActivity(order: ObjectOrder): ObjectOrder[] {
  if (order.name.toLowerCase() !== "activity") return [order];
  return ["Task", "Event"].map((name) => ({ ...order, name }));
}

function checkNames(map: ObjectMap, orders: readonly ObjectOrder[]): void {
  const unknown = orders.find(({ name }) => map.find(name) === undefined && !name.endsWith("__c"));
  if (unknown === undefined) return;
  throw new Error(`There is no standard object ${unknown.name}; a custom one ends in __c.`);
}

function makeOne(map: ObjectMap, definitions: Definitions, order: ObjectOrder): SObject {
  const { fields, ...head } = order;
  const known = map.find(order.name);
  const keyPrefix = known?.keyPrefix ?? nextPrefix(map.prefixes());
  const object = known?.custom === false ? known : map.add(withHead(known, head, keyPrefix));
  if (object.custom) {
    const kept = definitions.head(object.name);
    definitions.keepHead({ ...kept, ...head, name: object.name, keyPrefix });
  }
  for (const field of fields) {
    putField(object, fieldOf(factsOf(field)));
    definitions.keepField(object.name, field);
  }
  return object;
}

function restore(map: ObjectMap, definitions: Definitions): void {
  for (const one of definitions.all()) {
    if ("head" in one) {
      map.add(withHead(undefined, one.head, one.head.keyPrefix));
      continue;
    }
    const object = map.find(one.object);
    if (object !== undefined) putField(object, fieldOf(factsOf(one.field)));
  }
}
