import * as bills from "./bill-changes.ts";
import * as customers from "./customer-changes.ts";
import * as jobs from "./job-changes.ts";
import * as links from "./link-changes.ts";
import * as visits from "./visit-changes.ts";

/** A kind of change and how often it comes, in hundredths of its list. */
export type Kind = readonly [name: string, weight: number, change: jobs.Change];

/** What happens to jobs, customers and contacts; deletes are 6 %, half of them without a trace. */
export const kinds: readonly Kind[] = [
  ["job_status", 26, jobs.jobStatus],
  ["job_revived", 1, jobs.jobRevived], // early on nothing is deleted yet, and fields are edited instead
  ["job_fields", 19, jobs.jobFields],
  ["job_there_and_back", 3, jobs.jobThereAndBack],
  ["line_edited", 11, jobs.lineEdited],
  ["line_removed", 8, jobs.lineRemoved],
  ["line_added", 6, jobs.lineAdded],
  ["job_created", 5, customers.jobCreated],
  ["customer_created", 3, customers.customerCreated],
  ["contact_fields", 3, customers.contactFields],
  ["contact_moved", 3, customers.contactMoved],
  ["customer_fields", 3, customers.customerFields],
  ["location_fields", 2, customers.locationFields],
  ["job_deleted", 5, jobs.jobDeleted],
  ["contact_deleted", 1, customers.contactDeleted],
  ["customer_merged", 1, customers.customerMerged],
];

/** What happens to all that hangs on them: a list of its own, so that the other one's changes stay what they were. */
export const laterKinds: readonly Kind[] = [
  ["appointment_created", 8, visits.appointmentCreated],
  ["appointment_moved", 14, visits.appointmentMoved],
  ["appointment_given_away", 2, visits.appointmentGivenAway],
  ["appointment_deleted", 3, visits.appointmentDeleted],
  ["note_created", 14, visits.noteCreated],
  ["note_edited", 6, visits.noteEdited],
  ["note_moved", 1, visits.noteMoved],
  ["note_deleted", 2, visits.noteDeleted],
  ["attachment_created", 5, visits.attachmentCreated],
  ["attachment_renamed", 2, visits.attachmentRenamed],
  ["attachment_replaced", 2, visits.attachmentReplaced],
  ["attachment_deleted", 1, visits.attachmentDeleted],
  ["activity_created", 9, visits.activityCreated],
  ["activity_edited", 4, visits.activityEdited],
  ["activity_deleted", 1, visits.activityDeleted],
  ["invoice_created", 5, bills.invoiceCreated],
  ["invoice_edited", 3, bills.invoiceEdited],
  ["invoice_deleted", 1, bills.invoiceDeleted],
  ["payment_created", 7, bills.paymentCreated],
  ["payment_edited", 1, bills.paymentEdited],
  ["payment_deleted", 1, bills.paymentDeleted],
  ["link_added", 2, links.linkAdded],
  ["link_removed", 1, links.linkRemoved],
  ["property_changed", 5, links.propertyChanged],
];

/** The share of changes that come from the later list. */
export const laterShare = 0.3;
