import { sourceKey } from "../../pipeline/core/source-key.ts";
import type { Sink } from "../../sinks/sink.ts";

/** A person of the source who may own rows. */
export interface SourcePerson {
  readonly entity: "technician" | "user";
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  /** Has left: what was theirs is nobody's now. */
  readonly gone: boolean;
}

/** What pre-flight found of the owners. */
export interface OwnerResolution {
  /** Source key → destination user id. */
  readonly owners: Record<string, string>;
  readonly fallback: string | null;
  /** Who goes to the fallback owner, and why. */
  readonly unresolved: readonly {
    readonly key: string;
    readonly name: string | null;
    readonly why: string;
  }[];
}

/** E-mail as compared: trimmed, case-folded, without a sandbox's `.invalid`. */
export function comparableEmail(email: string): string {
  return email
    .trim()
    .toLowerCase()
    .replace(/\.invalid$/, "");
}

/**
 * Matches people to users by e-mail. Several active users of one e-mail, or several people of one
 * user, are left unresolved: ambiguity is for a person to decide.
 */
export async function resolveOwners(
  sink: Sink,
  people: readonly SourcePerson[],
  fallbackEmail: string | null,
): Promise<OwnerResolution> {
  const wanted = people.flatMap(({ email }) => (email === null ? [] : [comparableEmail(email)]));
  if (fallbackEmail !== null) wanted.push(comparableEmail(fallbackEmail));
  const users = await sink.users([...new Set(wanted)]);
  const byEmail = Map.groupBy(
    users.filter((user) => user.active && user.standard),
    (user) => comparableEmail(user.email),
  );
  const shared = sharedEmails(people);
  const owners: Record<string, string> = {};
  const unresolved: OwnerResolution["unresolved"][number][] = [];
  for (const person of people) {
    const key = sourceKey(person.entity, person.id);
    const found = person.email === null ? [] : (byEmail.get(comparableEmail(person.email)) ?? []);
    const [user] = found;
    const doubt = doubtAbout(person, shared);
    if (doubt === undefined && found.length === 1 && user !== undefined) owners[key] = user.id;
    else unresolved.push({ key, name: person.name, why: doubt ?? why(person, found.length) });
  }
  const fallback =
    fallbackEmail === null ? [] : (byEmail.get(comparableEmail(fallbackEmail)) ?? []);
  return { owners, fallback: fallback[0]?.id ?? null, unresolved };
}

/** E-mails of several people of one kind; a technician and the office user they are share theirs rightly. */
function sharedEmails(people: readonly SourcePerson[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { entity, email, gone } of people) {
    if (gone || email === null) continue;
    const name = `${entity} ${comparableEmail(email)}`;
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return shared;
}

function doubtAbout(
  { entity, email, gone }: SourcePerson,
  shared: ReadonlySet<string>,
): string | undefined {
  if (gone) return "left the source";
  const several = email !== null && shared.has(`${entity} ${comparableEmail(email)}`);
  return several ? `another ${entity} has the same e-mail` : undefined;
}

function why(person: SourcePerson, hits: number): string {
  if (person.email === null || person.email.trim() === "") return "no e-mail at the source";
  return hits === 0 ? "no active user with this e-mail" : `${hits} active users with this e-mail`;
}
