import type { z } from "zod";
import type { Database } from "../store/database.ts";
import { type CustomField, factsOf, type objectOrder } from "./custom.ts";
import { customObject, nextPrefix } from "./custom-object.ts";
import { type Definitions, definitionsOf } from "./definitions.ts";
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

const standardObjects = [
  ...businessObjects,
  ...serviceObjects,
  ...activityObjects,
  ...fileObjects,
  ...setupObjects,
];
/** Who must know of what changed in a schema. */
export interface SchemaWatcher {
  /** An object is new, or its fields have changed. */
  changed(object: SObject): void;
  removed(object: SObject, field?: Field): void;
}

/** Opens the org's schema: the standard objects and what was created before. */
export function openSchema(database: Database, watcher: SchemaWatcher): Schema {
  const byName = new Map<string, SObject>();
  const byPrefix = new Map<string, SObject>();
  const definitions = definitionsOf(database);
  let children = new Map<string, ChildRelation[]>();
  let changes = 0;
  const add = (object: SObject): SObject => {
    byName.set(object.name.toLowerCase(), object);
    byPrefix.set(object.keyPrefix, object);
    return object;
  };
  const find = (name: string): SObject | undefined => byName.get(name.toLowerCase());
  const addField = (object: SObject, order: CustomField): void =>
    putField(object, fieldOf(factsOf(order)));
  const settle = (): void => {
    widen([...byName.values()]);
    children = childrenByParent(byName.values());
    changes += 1;
  };
  const makeOne = (order: ObjectOrder): SObject => {
    const { fields, ...head } = order;
    const known = find(order.name);
    const keyPrefix = known?.keyPrefix ?? nextPrefix(byPrefix.keys());
    const object = known?.custom === false ? known : add(withHead(known, head, keyPrefix));
    if (object.custom) {
      definitions.keepHead({
        ...definitions.head(object.name),
        ...head,
        name: object.name,
        keyPrefix,
      });
    }
    for (const field of fields) {
      addField(object, field);
      definitions.keepField(object.name, field);
    }
    return object;
  };
  const apply: Schema["apply"] = (given) => {
    const orders = given.flatMap(withoutActivity);
    const unknown = orders.find(({ name }) => find(name) === undefined && !name.endsWith("__c"));
    if (unknown !== undefined) {
      throw new Error(`There is no standard object ${unknown.name}; a custom one ends in __c.`);
    }
    const changed = database.transaction(() => new Set(orders.map(makeOne)));
    settle();
    for (const object of changed) watcher.changed(object);
  };
  const remove: Schema["remove"] = (object, field) => {
    definitions.drop(object.name, field?.name);
    if (field !== undefined) {
      object.fields.delete(field.name.toLowerCase());
      object.parents.delete(field.relationshipName?.toLowerCase() ?? "");
    } else {
      byName.delete(object.name.toLowerCase());
      byPrefix.delete(object.keyPrefix);
    }
    settle();
    watcher.removed(object, field);
  };
  for (const facts of standardObjects) add(sobjectOf(facts));
  for (const one of definitions.all()) {
    if ("head" in one) add(customObject(one.head, one.head.keyPrefix));
    else {
      const object = find(one.object);
      if (object !== undefined) addField(object, one.field);
    }
  }
  settle();
  return {
    get objects() {
      return [...byName.values()];
    },
    find,
    byPrefix: (prefix) => byPrefix.get(prefix),
    childrenOf: (object) => children.get(object.name) ?? [],
    definitions,
    apply,
    remove,
    changes: () => changes,
  };
}

/** A custom object as an order has it now; one that is there keeps its fields. */
function withHead(
  known: SObject | undefined,
  { fields: _fields, ...head }: Partial<ObjectOrder> & Pick<ObjectOrder, "name">,
  keyPrefix: string,
): SObject {
  const made = customObject(head, keyPrefix);
  if (known === undefined) return made;
  const { label, labelPlural, granted } = made;
  return head.label === undefined
    ? { ...known, granted }
    : { ...known, label, labelPlural, granted };
}

/** Task and Event share their custom fields: they are created on Activity, which is no object of its own. */
function withoutActivity(order: ObjectOrder): ObjectOrder[] {
  if (order.name.toLowerCase() !== "activity") return [order];
  return ["Task", "Event"].map((name) => ({ ...order, name }));
}

function childrenByParent(objects: Iterable<SObject>): Map<string, ChildRelation[]> {
  const children = new Map<string, ChildRelation[]>();
  for (const child of objects) {
    for (const field of child.fields.values()) {
      for (const to of field.referenceTo) {
        if (field.audit || to === "User") continue;
        children.set(to, [...(children.get(to) ?? []), { child, field }]);
      }
    }
  }
  return children;
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
