const job = ["Case equal"];
const note = ["CaseComment equal", "ContentVersion equal", "ContentDocumentLink equal"];

/** Where a record that shows a reality may end, by kind and entity. */
export const endings: Readonly<Record<string, readonly string[]>> = {
  // Nobody can tell whose the address is: the technician has no user, and the fallback owner owns.
  "email_shared technician": ["User equal no_user"],
  "email_shared contact": ["Contact equal"],
  "email_untidy technician": ["User equal", "User equal no_user"],
  "email_untidy contact": ["Contact equal"],
  "email_missing technician": ["User equal no_user"],
  ...{ "job_without_customer job": job, "job_without_location job": job },
  ...{
    "job_without_owner job": job,
    "owner_left job": job,
    "owner_left customer": ["Account equal"],
  },
  "orphan note": ["CaseComment parked parent_missing", "CaseComment parked parent_deleted"],
  "contact_of_merged contact": ["Contact equal"],
  "status_unknown job": ["Case rejected VALUE_NOT_IN_TABLE"],
  ...{ "html_hostile note": note, "html_hostile job": [...job, "Case rejected TEXT_TOO_LONG"] },
  "text_long job": [...job, "Case rejected TEXT_TOO_LONG"],
  ...{ "text_long note": note, "text_long line_item": ["Work_Order_Line_Item__c equal"] },
  "text_odd job": [...job, "Case rejected TEXT_NOT_ENCODABLE"],
  "text_odd note": note,
  "money_odd line_item": ["Work_Order_Line_Item__c equal"],
  "money_odd invoice": ["Invoice__c equal"],
  "totals_differ invoice": ["Invoice__c equal"],
  "totals_differ payment": ["Payment__c equal"],
  "time_edge appointment": ["Event equal", "Event rejected VALUE_MISSING"],
  "time_impossible appointment": ["Event rejected TIME_IMPOSSIBLE"],
  ...{ "position_default job": job, "position_wrong job": job },
  ...{ "completed_before_created job": job, "number_shared job": job, "id_long job": job },
  "property_odd job": job,
  "file_problem attachment": [
    ...["ContentVersion equal", "ContentDocumentLink equal"],
    ...["ContentVersion rejected FILE_EMPTY", "ContentVersion rejected FILE_MISSING"],
    "ContentDocumentLink parked parent_missing",
  ],
  "series appointment": ["Event equal"],
  ...{ "large customer": ["Account equal"], "large contact": ["Contact equal"], "large job": job },
};

const ofJobs = new Set(["note", "attachment", "line_item", "appointment", "invoice", "payment"]);

/** Whether it waits for a job that was itself rejected. */
export function ofRejectedJob(entity: string, end: string): boolean {
  return ofJobs.has(entity) && end.endsWith(" parked parent_missing");
}
