import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";
import { defaultPlans, loadedObjects, loadSchemas } from "./default-plans.ts";
import { errorsPage, metricsPage, rulesPage } from "./generate-pages.ts";
import { mappingsPage } from "./generate-mappings.ts";
import { topicsPage } from "./generate-topics.ts";
import { generateTypes } from "./generate-types.ts";

/**
 * `npm run generate` writes what follows from the code: types, destination schemas, reference pages.
 * With `--check` it writes nothing and fails with the name of each file that differs.
 */
const root = join(import.meta.dirname, "../..");
const reference = "ops/docs/reference";

const files = generated();
const folders = [...destinationKinds.map((kind) => `schemas/${kind}`), reference];
const left = folders.flatMap((folder) => filesIn(folder).filter((path) => !files.has(path)));
if (process.argv.includes("--check")) check();
else write();

function generated(): ReadonlyMap<string, string> {
  const destinations = defaultPlans();
  const schemas = destinations.flatMap((each) =>
    loadSchemas(each).map(
      ([object, schema]) =>
        [`schemas/${each.kind}/${object}.avsc`, `${JSON.stringify(schema, null, 2)}\n`] as const,
    ),
  );
  const mappings = destinations.map(
    ({ kind, folder, title }) =>
      [`${reference}/mappings-${kind}.md`, mappingsPage(folder, title)] as const,
  );
  const topics = destinations.map((each) => ({ ...each, objects: loadedObjects(each) }));
  return new Map([
    ["pipeline/core/generated/records.ts", generateTypes(join(root, "schemas"))],
    ...schemas,
    ...mappings,
    [`${reference}/topics.md`, topicsPage(topics)],
    [`${reference}/rules.md`, rulesPage()],
    [`${reference}/errors.md`, errorsPage()],
    [`${reference}/metrics.md`, metricsPage()],
  ]);
}

function filesIn(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((file) => `${folder}/${file}`);
}

function check(): void {
  const differing = [...files].filter(([path, text]) => {
    const place = join(root, path);
    return !existsSync(place) || readFileSync(place, "utf8") !== text;
  });
  const names = [...differing.map(([path]) => path), ...left];
  for (const name of names) process.stdout.write(`${name} is not as generated\n`);
  if (names.length === 0) return;
  process.stdout.write("Run `npm run generate` and commit what it writes.\n");
  process.exitCode = 1;
}

function write(): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of left) rmSync(join(root, path));
  process.stdout.write(`${files.size} files written, ${left.length} removed\n`);
}
