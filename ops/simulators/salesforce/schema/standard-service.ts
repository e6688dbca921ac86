import { createOnly, lookup, readOnly, required } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

/** Comments of a case: Object Reference, "CaseComment"; the length is a limit in bytes. */
const caseComment: ObjectFacts = {
  name: "CaseComment",
  keyPrefix: "00a",
  fields: [
    lookup("Parent", ["Case"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      childRelationship: "CaseComments",
    }),
    { name: "IsPublished", type: "boolean" },
    { name: "CommentBody", type: "textarea", length: 4_000, inBytes: true },
  ],
};

/** Who works on a case: Object Reference, "CaseTeamMember"; the prefix is any free one. */
const caseTeamMember: ObjectFacts = {
  name: "CaseTeamMember",
  keyPrefix: "0Bd",
  stamps: "server",
  refuses: ["undelete"],
  fields: [
    lookup("Parent", ["Case"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      childRelationship: "TeamMembers",
    }),
    lookup("Member", ["Contact", "User"], { ...createOnly, ...required, deleteRule: "cascade" }),
    lookup("TeamTemplateMember", ["CaseTeamTemplateMember"], readOnly),
    lookup("TeamRole", ["CaseTeamRole"], { ...required, deleteRule: "restrict" }),
    lookup("TeamTemplate", ["CaseTeamTemplate"], readOnly),
  ],
};

/** Further accounts of a contact: Object Reference, "AccountContactRelation" (no undelete among its calls). */
const accountContactRelation: ObjectFacts = {
  name: "AccountContactRelation",
  label: "Account Contact Relationship",
  keyPrefix: "07k",
  stamps: "server",
  refuses: ["undelete"],
  fields: [
    lookup("Account", ["Account"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      childRelationship: "AccountContactRelations",
    }),
    lookup("Contact", ["Contact"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      childRelationship: "AccountContactRelations",
    }),
    {
      name: "Roles",
      type: "multipicklist",
      values: [
        "Business User",
        "Decision Maker",
        "Economic Buyer",
        "Economic Decision Maker",
        "Evaluator",
        "Executive Sponsor",
        "Influencer",
        "Technical Buyer",
        "Other",
      ],
    },
    { name: "IsDirect", type: "boolean", ...readOnly },
    { name: "IsActive", type: "boolean", defaultValue: true },
    { name: "StartDate", type: "date" },
    { name: "EndDate", type: "date" },
  ],
};

/** Objects that hang on cases and contacts. */
export const serviceObjects: readonly ObjectFacts[] = [
  caseComment,
  caseTeamMember,
  accountContactRelation,
];
