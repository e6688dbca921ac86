import type { SchemaFinding } from "../../schema-finding.ts";

/** What can be wrong with an environment's schema. */
export type DynamicsProblem =
  | "activities_off"
  | "date_behaviour"
  | "duplicate_rule"
  | "feature_off"
  | "field_missing"
  | "field_read_only"
  | "field_secured"
  | "field_required"
  | "key_failed"
  | "key_missing"
  | "key_other_columns"
  | "key_pending"
  | "keys_full"
  | "notes_off"
  | "object_missing"
  | "object_not_permitted"
  | "prefix_unknown"
  | "price_list_missing"
  | "privilege_missing"
  | "product_shared"
  | "products_missing"
  | "too_long_for_key"
  | "too_many_places"
  | "too_many_tables"
  | "too_narrow"
  | "too_short"
  | "upload_limit"
  | "values_missing"
  | "wrong_precision"
  | "wrong_target"
  | "wrong_type";

/** One thing an environment lacks, or has otherwise than the plan needs it. */
export type DynamicsFinding = SchemaFinding<DynamicsProblem>;

/** What is wrong with one column or table, its place aside. */
export type Fault = Omit<DynamicsFinding, "object" | "field">;
