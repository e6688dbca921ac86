import { destinationOf } from "../../pipeline/mapping/destination.ts";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";
import { defaultPrefix } from "../../pipeline/mapping/publisher-prefix.ts";
import { table } from "./markdown.ts";

interface Column {
  readonly title: string;
  readonly offers: Readonly<Record<string, readonly unknown[] | undefined>>;
}

/** What each setting decides, and what each destination offers of it, its default first. */
export function settingsTable(described: readonly (readonly string[])[]): string {
  const columns = destinationKinds.flatMap(columnsOf);
  const rows = described.map(([name = "", decides = ""]) => [
    name,
    decides,
    ...columns.map(({ offers }) => {
      const [first, ...others] = offers[name.replaceAll("`", "")] ?? [];
      return first === undefined ? "–" : [`**${String(first)}**`, ...others.map(String)].join(", ");
    }),
  ]);
  return table(["setting", "decides", ...columns.map(({ title }) => title)], rows);
}

/** A column for each edition of a destination, or one where it has none. */
function columnsOf(kind: (typeof destinationKinds)[number]): Column[] {
  const { rules } = destinationOf(kind, defaultPrefix);
  const editions = rules.settings(undefined).edition ?? [undefined];
  return editions.map((edition) => ({
    title: edition === undefined ? rules.title : `${rules.title}, ${edition}`,
    offers: rules.settings(edition),
  }));
}
