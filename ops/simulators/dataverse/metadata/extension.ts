import type { Extension } from "../extension.ts";
import type { Resource } from "../web/call.ts";
import { metadataChanges } from "./changes.ts";
import { globalOptionSets } from "./choices.ts";
import { createEntities, entityDefinitions } from "./entity-definitions.ts";
import { fileRules } from "./file-name.ts";
import { activateKeys, reactivate } from "./key-activation.ts";
import { publish } from "./lock.ts";
import { deleteOption, insertOption, orderOptions, updateOption } from "./option-values.ts";
import { createCustomer, createPolymorphic } from "./polymorphic.ts";
import { publisherRules } from "./publisher-rules.ts";
import { relationshipDefinitions } from "./relationships.ts";

const resources: readonly Resource[] = [
  { name: "EntityDefinitions", handle: entityDefinitions },
  { name: "RelationshipDefinitions", handle: relationshipDefinitions },
  { name: "GlobalOptionSetDefinitions", handle: globalOptionSets },
  { name: "CreateEntities", handle: createEntities },
  { name: "CreateCustomerRelationships", handle: createCustomer },
  { name: "CreatePolymorphicLookupAttribute", handle: createPolymorphic },
  { name: "RetrieveMetadataChanges", handle: metadataChanges },
  { name: "ReactivateEntityKey", handle: reactivate },
  { name: "InsertOptionValue", handle: insertOption },
  { name: "InsertStatusValue", handle: insertOption },
  { name: "UpdateOptionValue", handle: updateOption },
  { name: "DeleteOptionValue", handle: deleteOption },
  { name: "OrderOption", handle: orderOptions },
  { name: "PublishXml", handle: (call) => publish(call, "Publish") },
  { name: "PublishAllXml", handle: (call) => publish(call, "PublishAll") },
];

/** The metadata part of the Web API. */
export const metadataExtension: Extension = {
  rules: new Map([
    ["*", fileRules],
    ["publisher", publisherRules],
  ]),
  resources,
  tick: activateKeys,
};
