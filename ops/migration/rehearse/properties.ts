import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SourceEntity } from "../../../pipeline/core/source-record.ts";
import type { CustomProperty } from "../../../pipeline/mapping/custom-properties.ts";
import { auditProperties } from "../../../pipeline/source/audit/audit-properties.ts";
import { openHttp } from "../../../pipeline/source/http.ts";
import { loadProfile } from "../../../pipeline/source/profile.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import { compiledPlan } from "../compiled.ts";
import type { Migration } from "../migration-file.ts";

const heading = `# The custom properties as the audit found them, each with its field: by the source's own
# definition where the values bear it out, else by the values. Correct what you know better; what is
# taken off keeps its place in the JSON of all properties.
`;

/**
 * Audits the source's custom properties and writes `mappings/custom-properties.yaml`; before the plan
 * is hashed, because it is part of the plan.
 */
export async function writeProperties(migration: Migration): Promise<readonly CustomProperty[]> {
  const profile = loadProfile(migration.profilePath);
  const http = openHttp(profile.source, { log: openLog("audit", "warn"), metrics: openMetrics() });
  try {
    const { customFields, properties: place } = compiledPlan(migration);
    const { signal } = new AbortController();
    const properties: CustomProperty[] = [];
    for (const [entity, object] of place.objects) {
      const taken = (customFields.get(object) ?? []).map(({ name }) => name);
      const audit = { entity: entity as SourceEntity, object, fields: place.fields, taken };
      properties.push(...(await auditProperties({ profile, http, signal, ...audit })));
    }
    const file = join(migration.mappingsFolder, "custom-properties.yaml");
    writeFileSync(file, heading + stringify(properties));
    return properties;
  } finally {
    await http.close();
  }
}
