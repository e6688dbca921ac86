import { annotationsOf } from "../query/render.ts";
import type { ApiError } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";

const details = "@Microsoft.PowerApps.CDS.";

/** An error as an answer; with annotations where they were asked for. */
export function errorReply(call: Pick<Call, "prefer"> | undefined, error: ApiError): Reply {
  const { status, code, message, headers } = error;
  const annotations = annotationsOf(call?.prefer.get("odata.include-annotations"));
  const annotated = annotations("Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus")
    ? {
        [`${details}ErrorDetails.OperationStatus`]: "0",
        [`${details}ErrorDetails.SubErrorCode`]: code,
        [`${details}HelpLink`]: `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code}`,
        [`${details}TraceText`]: "",
        [`${details}InnerError.Message`]: message,
      }
    : {};
  return { status, headers, json: { error: { code, message, ...annotated } } };
}
