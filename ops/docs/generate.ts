import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { errorsPage, metricsPage, rulesPage } from "./generate-pages.ts";
import { mappingsPage } from "./generate-mappings.ts";
import { topicsPage } from "./generate-topics.ts";
import { generateTypes } from "./generate-types.ts";

/**
 * `npm run generate` writes what follows from the code: types, destination schemas, reference pages.
 * With `--check` it writes nothing and fails with the name of each file that differs.
 */
const root = join(import.meta.dirname, "../..");
const mappings = join(root, "pipeline/mapping/salesforce");
const reference = "ops/docs/reference";
const destinationSchemas = "schemas/salesforce";

const files = generated();
const folders = [destinationSchemas, reference];
const left = folders.flatMap((folder) => filesIn(folder).filter((path) => !files.has(path)));
if (process.argv.includes("--check")) check();
else write();

function generated(): ReadonlyMap<string, string> {
  // With the audit fields: the larger set, so that the schemas show every column there may be.
  const settings = { audit_fields: true };
  const compiled = compilePlan({ folder: mappings, settings, hash: "default" });
  const schemas = [...compiled.schemas].map(
    ([object, schema]) =>
      [`${destinationSchemas}/${object}.avsc`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  );
  return new Map([
    ["pipeline/core/generated/records.ts", generateTypes(join(root, "schemas"))],
    ...schemas,
    [`${reference}/topics.md`, topicsPage(compiled)],
    [`${reference}/mappings.md`, mappingsPage(mappings)],
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
