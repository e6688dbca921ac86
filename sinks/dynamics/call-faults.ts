import { CutoverError } from "../../pipeline/core/errors.ts";
import type { DynamicsClient, DynamicsReply } from "./client.ts";
import { codes, isCode, refusal, type ServiceError, serviceError } from "./errors.ts";
import { authorField } from "./row-form.ts";
import type { Outcomes, Write } from "./write.ts";

/**
 * The error of a reply to a write, where it is about rows. Throws SINK_REPLY_LOST where a gateway
 * answers instead of the service.
 */
export function rowError(reply: DynamicsReply): ServiceError | undefined {
  if (reply.status < 300) return undefined;
  const error = serviceError(reply.status, reply.body);
  if (reply.status < 500 || !error.code.startsWith("HTTP_")) return error;
  throw new CutoverError("SINK_REPLY_LOST", `Dynamics: HTTP ${reply.status} to a write.`);
}

/** Throws SINK_PERMISSION_MISSING where an error speaks of our own user instead of a row. */
export function refuseForUs(
  client: DynamicsClient,
  error: ServiceError,
  author: string | null,
): void {
  const ours = client.userIds.some((id) => error.message.toLowerCase().includes(id.toLowerCase()));
  const stranger = isCode(error, codes.notAMember) && author === null;
  if (
    !stranger &&
    !(ours && isCode(error, codes.privilege, codes.userDisabled, codes.userWithoutRoles))
  )
    return;
  throw new CutoverError(
    "SINK_PERMISSION_MISSING",
    `Dynamics: ${error.code}: ${error.message.slice(0, 500)} Grant it to the application user.`,
    { cause: error },
  );
}

/** Whether a call was refused because of the user its rows are created for; then all of them are. */
export function refusedAuthor(
  writes: readonly Write[],
  error: ServiceError,
  outcomes: Outcomes,
): boolean {
  const author = writes[0]?.payload.author ?? null;
  if (author === null || error.status !== 403) return false;
  const named = error.message.toLowerCase().includes(author.toLowerCase());
  if (!named && !isCode(error, codes.notAMember)) return false;
  for (const write of writes) outcomes.settle(write, { ...refusal(error), field: authorField });
  return true;
}
