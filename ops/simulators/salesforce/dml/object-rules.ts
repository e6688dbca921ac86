import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import type { RowError } from "./row-error.ts";
import { accountContactRelation } from "./rules/account-contact-relation.ts";
import { caseComment } from "./rules/case-comment.ts";
import { caseTeamMember } from "./rules/case-team-member.ts";
import { contact } from "./rules/contact.ts";
import { event } from "./rules/event.ts";
import { contentDocument, contentDocumentLink } from "../files/content-document.ts";
import { contentVersion } from "../files/content-version.ts";
import {
  fieldPermissions,
  objectPermissions,
  permissionSetAssignment,
} from "./rules/permissions.ts";
import { serviceCase } from "./rules/service-case.ts";
import { task } from "./rules/task.ts";
import { user } from "./rules/user.ts";
import type { Writer } from "./write.ts";

/** A write under way; `before` is what stood there, undefined for an insert. */
export interface RuleCall {
  readonly writer: Writer;
  readonly id: string;
  /** What was sent. */
  readonly given: Values;
  readonly before: Values | undefined;
  /** When this commit is, as a row holds it. */
  readonly now: string;
}

/** What the platform itself demands of, and adds to, the rows of one object. */
export interface ObjectRule {
  /** Read-only fields that this insert may set all the same, given the audit permission. */
  openedByAudit?(org: Org, values: Values): readonly string[];
  /** What is wrong across the fields of a row; `given` are the values sent, `before` the row they change. */
  check?(writer: Writer, given: Values, before: Values | undefined): RowError | undefined;
  /** Fills what follows from the row's other values. */
  complete?(call: RuleCall, values: Values): void;
  /** Writes what else changes once the row stands. */
  after?(call: RuleCall, values: Values): void;
  /** What stands in the way of deleting a row. */
  checkDelete?(writer: Writer, row: Row): RowError | undefined;
}

const none: ObjectRule = {};
const rules: Readonly<Record<string, ObjectRule>> = {
  AccountContactRelation: accountContactRelation,
  Case: serviceCase,
  CaseComment: caseComment,
  CaseTeamMember: caseTeamMember,
  Contact: contact,
  ContentDocument: contentDocument,
  ContentDocumentLink: contentDocumentLink,
  ContentVersion: contentVersion,
  Event: event,
  FieldPermissions: fieldPermissions,
  ObjectPermissions: objectPermissions,
  PermissionSetAssignment: permissionSetAssignment,
  Task: task,
  User: user,
};

/** The rule of an object. */
export function ruleOf(object: SObject): ObjectRule {
  return rules[object.name] ?? none;
}
