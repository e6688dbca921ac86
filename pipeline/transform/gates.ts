import { CutoverError } from "../core/errors.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { followControl } from "../kafka/control.ts";

/**
 * Refuses to begin unless control confirms exactly this plan and its approval: PLAN_NOT_CONFIRMED
 * says what is missing and who can mend it.
 */
export async function requireApproval(
  connection: KafkaConnection,
  migration: string,
  planHash: string,
): Promise<void> {
  const control = await followControl(connection, migration);
  try {
    await control.catchUp();
    const confirmed = control.state.get("plan", "plan")?.hash;
    if (confirmed !== planHash) {
      throw new CutoverError(
        "PLAN_NOT_CONFIRMED",
        confirmed === undefined
          ? `No plan of ${migration} is confirmed: confirm it with \`cutover map --confirm\`.`
          : `The files of ${migration} have changed since the plan was confirmed: confirm them anew, or bring back the confirmed ones.`,
      );
    }
    if (!control.state.gatePassed("approve", planHash)) {
      throw new CutoverError(
        "PLAN_NOT_CONFIRMED",
        `The sample of ${migration} is not approved: \`cutover approve\` lets its data flow.`,
      );
    }
  } finally {
    await control.close();
  }
}
