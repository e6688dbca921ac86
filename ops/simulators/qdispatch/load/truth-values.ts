import { z } from "zod";

/** Text or nothing. */
export const text = z.string().nullish();
/** An id, also given as a number. */
export const id = z.union([z.string(), z.number()]).transform(String);
/** An id of another record, or nothing. */
export const ref = id.nullish();
/** Yes, no or nothing. */
export const flag = z.boolean().nullish();
/** A decimal, kept as text. */
export const decimal = z.union([z.string(), z.number()]).transform(String).nullish();
/** An exact amount with its currency. */
export const money = z
  .strictObject({
    amount: z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((value) => /^-?\d+(\.\d+)?$/.test(value), {
        message: 'must be a decimal such as "12.50"',
      }),
    currency: z.string().nullish(),
  })
  .nullish();
/** A moment with its zone. */
export const time = z.iso.datetime({
  offset: true,
  error: "must be a time such as 2026-01-31T09:30:00Z",
});
/** A list of texts. */
export const tags = z.array(z.string()).nullish();
/** A whole number or nothing. */
export const whole = z.int().nullish();

/** Fields every record may have. */
export const every = {
  created_at: time.nullish(),
  updated_at: time.nullish(),
  created_by: ref,
  active: z.boolean().default(true),
  deleted_at: time.nullish(),
  custom: z.array(z.strictObject({ key: z.string(), label: text, value: z.unknown() })).nullish(),
};
