import type { RowResult } from "../sink.ts";

/** A refused row. */
export type Refusal = Extract<RowResult, { kind: "refused" }>;

/** What the service says is wrong. */
export interface ServiceError {
  readonly status: number;
  /** As the service writes it, e.g. `0x80040217`; `HTTP_503` where it says none. */
  readonly code: string;
  readonly message: string;
}

/** Codes the sink decides by (Microsoft's list of web service error codes). */
export const codes = {
  notThere: "0x80040217",
  duplicateId: "0x80040237",
  duplicateKey: "0x80060892",
  readOnly: "0x80040228",
  alreadyClosed: "0x80040515",
  versionDiffers: "0x80060882",
  notOffered: "0x80040800",
  privilege: "0x80040220",
  notAMember: "0x80072560",
  userDisabled: "0x80040225",
  userWithoutRoles: "0x80042f09",
  textTooLong: "0x80044331",
  notAnOption: "0x8004431a",
  integerRange: "0x8004432f",
  numberRange: "0x80044330",
  timeImpossible: "0x80040239",
  badPayload: "0x80048d19",
  badCharacter: "0x80040278",
  fileTooLarge: "0x80044a02",
} as const;

/** What a row's code means for what happens next; every other code refuses the row. */
const classes: Readonly<Record<string, Refusal["class"]>> = {
  [codes.versionDiffers]: "locked",
  "0x80044339": "locked",
  "0x80044150": "retry",
  "0x80044151": "retry",
  "0x80040216": "retry",
  // A row that refers to this one may be going at this moment.
  "0x80040227": "retry",
  // The row it refers to is going, or not there yet.
  [codes.notThere]: "retry",
};

/** Codes that speak of the row's owner. */
const ownerCodes: ReadonlySet<string> = new Set([
  codes.userDisabled,
  codes.userWithoutRoles,
  codes.privilege,
  "0x80042f0a",
  "0x8004d24b",
  "0x80042f14",
  "0x80040229",
]);

/** Statuses a call that writes rows takes as its answer; what they mean stands in the code. */
export const answers: readonly number[] = [400, 403, 404, 405, 409, 412, 413, 500];

/** The error a reply's body tells. */
export function serviceError(status: number, body: string): ServiceError {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string; message?: string } };
    const code = error?.code ?? "";
    const known = code !== "" && code !== "0x0" ? code : `HTTP_${status}`;
    return { status, code: known, message: error?.message ?? "" };
  } catch {
    return { status, code: `HTTP_${status}`, message: "" };
  }
}

/** Whether an error has this code: the service is not of one mind about upper and lower case. */
export function isCode(error: ServiceError, ...wanted: readonly string[]): boolean {
  return wanted.includes(error.code.toLowerCase());
}

/** The refusal an error means, with the field it is about, where it is one of `fields`. */
export function refusal(error: ServiceError, fields: readonly string[] = []): Refusal {
  const quoted = [...error.message.matchAll(/'([\w.]+)'/g)].map(([, name]) => name as string);
  const code = error.code.toLowerCase();
  const owner = ownerCodes.has(code) ? "ownerid" : null;
  return {
    kind: "refused",
    code: error.code,
    message: error.message.slice(0, 1000),
    field: quoted.find((name) => fields.includes(name)) ?? owner,
    class: classes[code] ?? "refuse",
    destinationId: null,
  };
}

/** A refusal decided here, before anything leaves, with the code the service would have given. */
export function refused(code: string, field: string | null, message: string): Refusal {
  return { kind: "refused", code, message, field, class: "refuse", destinationId: null };
}
