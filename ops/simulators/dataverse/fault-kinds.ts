import { z } from "zod";

/** Faults of a request that its route plays. */
export const requestFaults = {
  /** The token is gone when the request comes. */
  expire_token: z.strictObject({}),
  /** 429 as if a service-protection limit were reached; the wait grows while it keeps striking. */
  throttle: z.strictObject({
    limit: z.enum(["requests", "execution", "concurrent"]).default("requests"),
    seconds: z.int().min(1).default(1),
  }),
  /** A user of this e-mail is disabled just before the request is answered, and stays so. */
  disable_user: z.strictObject({ email: z.string() }),
};

/** Faults that strike writes instead of requests; `on` is searched in `<access> <table>`, such as `Create account`, where nothing else is said. */
export const workFaults = {
  /** The write is refused, as a plug-in refuses it; in a bulk message that undoes all its rows. */
  refuse_write: z.strictObject({
    status: z.int().min(400).max(599).default(400),
    code: z.string().default("0x80040265"),
    message: z.string().default("A plug-in of this environment refuses this record."),
  }),
  /** Pages of a list hold at most so many rows; `on` is searched in the table's name. */
  small_pages: z.strictObject({ rows: z.int().min(1).default(10) }),
  /** Another customization is under way when a metadata write comes. */
  customization_lock: z.strictObject({}),
  /** The index of a new alternate key is not gone on with, each time it is looked after; `on` is searched in `<table> <key>`. */
  key_pending: z.strictObject({}),
};
