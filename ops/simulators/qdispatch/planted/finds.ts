/** Who shows what: the ids of living records by kind and entity. */
export interface Finds {
  note(kind: string, entity: string, id: string): void;
  of(kind: string, entity: string): readonly string[];
}

/** An empty list of finds; a record is noted once for a kind. */
export function newFinds(): Finds {
  const ids = new Map<string, Set<string>>();
  const place = (kind: string, entity: string): Set<string> => {
    const key = `${kind} ${entity}`;
    let found = ids.get(key);
    if (found === undefined) ids.set(key, (found = new Set()));
    return found;
  };
  return {
    note: (kind, entity, id) => void place(kind, entity).add(id),
    of: (kind, entity) => [...place(kind, entity)],
  };
}

/** Groups ids by a value, and tells those that share theirs with another. */
export function sharing(): { add(value: string, id: string): void; shared(): string[] } {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  return {
    add(value, id) {
      const other = first.get(value);
      if (other === undefined) first.set(value, id);
      else if (other !== id) shared.add(other).add(id);
    },
    shared: () => [...shared],
  };
}
