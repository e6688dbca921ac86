import type { Field } from "./field.ts";
import { putField, type SObject } from "./sobject.ts";

/** A lookup that points at an object. */
export interface ChildRelation {
  readonly child: SObject;
  readonly field: Field;
}

/** The objects of an org by name and key prefix, with the lookups between them. */
export interface ObjectMap {
  all(): readonly SObject[];
  find(name: string): SObject | undefined;
  byPrefix(prefix: string): SObject | undefined;
  prefixes(): Iterable<string>;
  childrenOf(object: SObject): readonly ChildRelation[];
  /** Puts an object in place of the one of its name. */
  add(object: SObject): SObject;
  remove(object: SObject): void;
  /** Brings the lookups to what the objects are now. */
  relink(): void;
}

/** An empty map of objects. */
export function objectMap(): ObjectMap {
  const byName = new Map<string, SObject>();
  const byPrefix = new Map<string, SObject>();
  let children = new Map<string, ChildRelation[]>();
  return {
    all: () => [...byName.values()],
    find: (name) => byName.get(name.toLowerCase()),
    byPrefix: (prefix) => byPrefix.get(prefix),
    prefixes: () => byPrefix.keys(),
    childrenOf: (object) => children.get(object.name) ?? [],
    add(object) {
      byName.set(object.name.toLowerCase(), object);
      byPrefix.set(object.keyPrefix, object);
      return object;
    },
    remove(object) {
      byName.delete(object.name.toLowerCase());
      byPrefix.delete(object.keyPrefix);
    },
    relink() {
      widen([...byName.values()]);
      children = childrenByParent(byName.values());
    },
  };
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
