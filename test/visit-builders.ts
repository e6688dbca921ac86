import type {
  Activity,
  Appointment,
  Assignment,
  Technician,
} from "../pipeline/core/generated/records.ts";
import { aMeta, envelope } from "./builders.ts";

/** When the visits of tests begin. */
export const visitAt: number = Date.UTC(2026, 0, 20, 14);
const hour = 3_600_000;

/** A valid appointment of an hour. */
export function anAppointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    ...envelope,
    meta: aMeta(),
    id: "51",
    job_id: "1001",
    starts_at: visitAt,
    ends_at: visitAt + hour,
    starts_local: "2026-01-20T09:00:00",
    ends_local: "2026-01-20T10:00:00",
    timezone: "America/New_York",
    window_start: visitAt - hour,
    window_end: visitAt + hour,
    all_day: false,
    all_day_date: null,
    recurrence: null,
    status: "scheduled",
    technician_ids: ["7", "8"],
    service_type: "Boiler repair",
    notes: "Ring twice",
    confirmed: true,
    ...changes,
  };
}

/** A valid call about a job. */
export function anActivity(changes: Partial<Activity> = {}): Activity {
  return {
    ...envelope,
    meta: aMeta(),
    id: "61",
    kind: "call",
    subject: "About the boiler",
    body: "Will be there at nine.",
    direction: "outbound",
    started_at: visitAt,
    ended_at: null,
    duration_s: 95,
    from: "+1 617 555 0001",
    to: ["+1 617 555 0101"],
    participants: [],
    related: [],
    job_id: "1001",
    customer_id: "1",
    contact_id: "1",
    outcome: "connected",
    recording_url: null,
    owner_id: "3",
    ...changes,
  };
}

/** A valid assignment of a technician. */
export function anAssignment(changes: Partial<Assignment> = {}): Assignment {
  return {
    ...envelope,
    meta: aMeta(),
    id: "71",
    job_id: "1001",
    appointment_id: null,
    technician_id: "7",
    technician_name: "Tess Ray",
    technician_email: "tess@dispatch.example",
    role: "Primary",
    hours_worked: "1.5",
    assigned_at: visitAt,
    unassigned_at: null,
    status: "confirmed",
    ...changes,
  };
}

/** A valid technician with a certificate. */
export function aTechnician(changes: Partial<Technician> = {}): Technician {
  return {
    ...envelope,
    meta: aMeta(),
    id: "7",
    user_id: "3",
    name: "Tess Ray",
    email: "tess@dispatch.example",
    phone: null,
    skills: [
      { name: "Gas", certified_until: "2027-05-31" },
      { name: "Drains", certified_until: null },
    ],
    zone_ids: ["1", "2"],
    hourly_rate: { amount: "42.50", currency: "USD" },
    home_location: null,
    employee_number: "E0007",
    ...changes,
  };
}
