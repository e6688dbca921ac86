import type { SchemaFinding as Finding } from "../../schema-finding.ts";

/** What can be wrong with an org's schema; a bounded set, because reports group by it. */
export type SchemaProblem =
  | "object_missing"
  | "object_not_permitted"
  | "field_missing"
  | "field_hidden"
  | "field_read_only"
  | "wrong_type"
  | "too_short"
  | "wrong_precision"
  | "not_unique"
  | "not_external_id"
  | "values_missing"
  | "wrong_target"
  | "external_ids_full"
  | "audit_not_permitted"
  | "role_missing"
  | "feature_off";

/** One thing that must be mended before anything loads. */
export type SchemaFinding = Finding<SchemaProblem>;
