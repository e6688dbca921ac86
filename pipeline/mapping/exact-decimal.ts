import { Fault } from "./rules/rule.ts";

const form = /^([+-]?)0*(\d*)(?:\.(\d*))?$/;

/**
 * A decimal text at a fixed scale, exactly: digits beyond the scale must be zeros, and the whole
 * part must fit. Never goes through a float.
 */
export function exactDecimal(text: string, precision: number, scale: number): string | Fault {
  const match = form.exec(text.trim());
  if (match === null || !/\d/.test(text)) {
    return new Fault("VALUE_INVALID", "is no decimal number: correct it at the source.");
  }
  const [, sign = "", whole = "", fraction = ""] = match;
  if (/[1-9]/.test(fraction.slice(scale))) {
    return new Fault(
      "VALUE_INVALID",
      `has more than ${scale} decimal places and is never rounded: widen the field, or correct it at the source.`,
    );
  }
  return composed({ sign, whole, fraction: fraction.slice(0, scale) }, precision, scale);
}

/** As exactDecimal, but rounds half away from zero: for positions, never for money. */
export function roundedDecimal(text: string, precision: number, scale: number): string | Fault {
  const match = form.exec(text.trim());
  if (match === null) return exactDecimal(text, precision, scale);
  const [, sign = "", whole = "", fraction = ""] = match;
  const kept = BigInt(`${whole}${fraction.slice(0, scale).padEnd(scale, "0")}` || "0");
  const digits = String((fraction[scale] ?? "0") >= "5" ? kept + 1n : kept).padStart(
    scale + 1,
    "0",
  );
  const cut = digits.length - scale;
  return composed(
    { sign, whole: digits.slice(0, cut).replace(/^0+/, ""), fraction: digits.slice(cut) },
    precision,
    scale,
  );
}

function composed(
  parts: { readonly sign: string; readonly whole: string; readonly fraction: string },
  precision: number,
  scale: number,
): string | Fault {
  if (parts.whole.length > precision - scale) {
    return new Fault(
      "VALUE_INVALID",
      `has more than ${precision - scale} digits before the point: widen the field, or correct it at the source.`,
    );
  }
  const fraction = parts.fraction.padEnd(scale, "0");
  const text = `${parts.whole === "" ? "0" : parts.whole}${scale === 0 ? "" : `.${fraction}`}`;
  return parts.sign === "-" && /[1-9]/.test(text) ? `-${text}` : text;
}
