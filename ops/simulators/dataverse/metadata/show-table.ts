import type { Environment } from "../environment.ts";
import type { KeyDef, RelationshipDef, TableDef } from "../model.ts";
import type { Item } from "./item.ts";
import { accesses } from "../write/privileges.ts";
import { guidOf } from "../identifier.ts";
import { labelOf, managed } from "./labels.ts";
import { columnItem } from "./show-column.ts";

/** A table as metadata shows it. */
export function tableItem(env: Environment, table: TableDef): Item {
  const { logicalName: name } = table;
  const items = (all: readonly RelationshipDef[]): Item[] => all.map(relationshipItem);
  return {
    type: "EntityMetadata",
    properties: {
      ...table.extra,
      MetadataId: table.metadataId,
      LogicalName: name,
      SchemaName: table.schemaName,
      EntitySetName: table.entitySetName,
      LogicalCollectionName: table.entitySetName,
      CollectionSchemaName: table.entitySetName,
      ObjectTypeCode: table.objectTypeCode,
      PrimaryIdAttribute: table.primaryId,
      PrimaryNameAttribute: table.primaryName ?? null,
      DisplayName: labelOf(table.displayName),
      DisplayCollectionName: labelOf(table.displayCollectionName),
      Description: labelOf(table.description),
      OwnershipType: table.ownership,
      TableType: table.elastic === true ? "Elastic" : "Standard",
      HasNotes: table.hasNotes,
      HasActivities: table.hasActivities,
      IsActivity: table.isActivity,
      IsActivityParty: false,
      IsCustomEntity: table.custom,
      IsManaged: false,
      IsPrivate: false,
      IsIntersect: false,
      IsLogicalEntity: false,
      IsValidForAdvancedFind: true,
      IsCustomizable: managed(true, "iscustomizable"),
      CanCreateAttributes: managed(true, "cancreateattributes"),
      CanTriggerWorkflow: true,
      IsOptimisticConcurrencyEnabled: table.optimisticConcurrency ?? true,
      ChangeTrackingEnabled: table.changeTracking ?? false,
      PrimaryImageAttribute: null,
      IconVectorName: null,
      EntityColor: null,
      IntroducedVersion: "1.0.0.0",
      IsAuditEnabled: managed(false, "canmodifyauditsettings"),
      IsDuplicateDetectionEnabled: managed(false, "canmodifyduplicatedetectionsettings"),
      IsChildEntity: table.ownership === "None",
      IsImportable: true,
      Privileges: privilegesOf(table),
    },
    navigation: {
      Attributes: () => table.columns.map((column) => columnItem(env, table, column)),
      Keys: () => table.keys.map((key) => keyItem(table, key)),
      OneToManyRelationships: () => items(env.model.oneToMany(name)),
      ManyToOneRelationships: () => items(env.model.manyToOne(name)),
      ManyToManyRelationships: () => items(env.model.manyToMany(name)),
    },
  };
}

/** The privileges of a table; one whose rows belong to another's has none. */
function privilegesOf({ schemaName, ownership }: TableDef): object[] {
  if (ownership === "None") return [];
  return accesses.map((access) => ({
    ...{ Name: `prv${access}${schemaName}`, PrivilegeType: access },
    PrivilegeId: guidOf("privilege", `prv${access}${schemaName}`),
    ...{ CanBeBasic: true, CanBeLocal: true, CanBeDeep: true, CanBeGlobal: true },
  }));
}

/** An alternate key as metadata shows it. */
export function keyItem(table: TableDef, key: KeyDef): Item {
  return {
    type: "EntityKeyMetadata",
    properties: {
      MetadataId: key.metadataId,
      SchemaName: key.schemaName,
      LogicalName: key.logicalName,
      EntityLogicalName: table.logicalName,
      KeyAttributes: key.columns,
      EntityKeyIndexStatus: key.status,
      DisplayName: labelOf(key.displayName),
      AsyncJob: null,
      IsManaged: false,
      IsSynchronous: false,
      IsCustomizable: managed(true, "iscustomizable"),
    },
    navigation: {},
  };
}

/** A relationship as metadata shows it. */
export function relationshipItem(one: RelationshipDef): Item {
  const general = {
    ...one.extra,
    MetadataId: one.metadataId,
    SchemaName: one.schemaName,
    IsCustomRelationship: one.custom ?? false,
    IsManaged: false,
    IsValidForAdvancedFind: true,
    IsCustomizable: managed(true, "iscustomizable"),
    SecurityTypes: "Append",
  };
  if (one.kind === "oneToMany") {
    const properties = {
      ...general,
      RelationshipType: "OneToManyRelationship",
      ReferencedEntity: one.referencedEntity,
      ReferencedAttribute: one.referencedAttribute,
      ReferencingEntity: one.referencingEntity,
      ReferencingAttribute: one.referencingAttribute,
      ReferencedEntityNavigationPropertyName: one.referencedNavigation,
      ReferencingEntityNavigationPropertyName: one.referencingNavigation,
      CascadeConfiguration: { ...one.cascade, RollupView: "NoCascade" },
      IsHierarchical: false,
    };
    return { type: "OneToManyRelationshipMetadata", properties, navigation: {} };
  }
  const properties = {
    ...general,
    RelationshipType: "ManyToManyRelationship",
    Entity1LogicalName: one.entity1,
    Entity2LogicalName: one.entity2,
    IntersectEntityName: one.intersectEntity,
    Entity1IntersectAttribute: `${one.entity1}id`,
    Entity2IntersectAttribute: `${one.entity2}id`,
    Entity1NavigationPropertyName: one.navigation1,
    Entity2NavigationPropertyName: one.navigation2,
  };
  return { type: "ManyToManyRelationshipMetadata", properties, navigation: {} };
}
