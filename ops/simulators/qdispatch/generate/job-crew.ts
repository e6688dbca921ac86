import type { Child } from "../truth/row.ts";
import type { Draw } from "./draw.ts";
import { technicianOf } from "./people.ts";
import { idOf, iso, type World } from "./world.ts";

/** Ids kept for the children of one job. */
export const childSlots = 40;

/** The id of a job's nth child of a kind. */
export function childId(job: number, nth: number): string {
  return idOf(job * childSlots + nth);
}

/** The technicians of a job: none before it is assigned, one or two after, nine where it is planted. */
export function assignmentsOf(
  world: World,
  of: Draw,
  options: {
    path: readonly string[];
    assignedAt: number | undefined;
    crowd: boolean;
    appointmentId: string | null;
  },
): Child[] {
  const { path, assignedAt, crowd, appointmentId } = options;
  if (!crowd && (assignedAt === undefined || path[1] !== "Assigned")) return [];
  const count = crowd ? 9 : of.chance("two", 0.55) ? 2 : 1;
  const first = of.int("technician", world.technicians);
  return Array.from({ length: count }, (_, nth) => {
    const technician = technicianOf(world, (first + nth) % world.technicians);
    return {
      id: childId(of.index, nth),
      appointment_id: appointmentId,
      technician_id: technician.id,
      technician_name: technician["name"],
      technician_email: technician["email"],
      role: nth === 0 ? "Primary" : nth === 1 ? "Secondary" : "Helper",
      hours_worked: path.includes("Completed") ? `${1 + of.int("hours", 8)}.5` : null,
      assigned_at: assignedAt === undefined ? null : iso(assignedAt),
      unassigned_at: null,
      status: "confirmed",
    };
  });
}
