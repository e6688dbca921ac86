import type { CustomField } from "../../../pipeline/mapping/target-field.ts";

/** The bounds of what a type of column can hold. */
const decimalMost = 100_000_000_000;
const moneyMost = 922_337_203_685_477;
const integerMost = 2_147_483_647;
/** A key may have so many bytes, and a letter takes two. */
export const longestKey = 450;

/** What a column has to be for a custom field of a type. */
export interface ColumnKind {
  /** The type it is made with, as `…AttributeMetadata` begins. */
  readonly made: string;
  /** Types that hold its values as well as the one it is made with, see `DescribedColumn.type`. */
  readonly holds: readonly string[];
  /** Characters, of texts. */
  readonly length?: number;
  /** Places behind the point, and the most that fits before it. */
  readonly places?: number;
  readonly most?: number;
  /** Bounds it is made with. */
  readonly widest?: number;
  /** Places the type has at most. */
  readonly placesAtMost?: number;
  readonly format?: string;
  readonly behaviour?: string;
}

const text = { made: "String", holds: ["string"] };

/** The kind of column a custom field takes. */
export function kindOf(field: CustomField): ColumnKind {
  const { length, precision = 18, scale = 0 } = field;
  const digits = 10 ** Math.max(precision - scale, 0) - 1;
  switch (field.type) {
    case "text":
      return { ...text, length: length ?? 100, format: "Text" };
    case "email":
      return { ...text, length: length ?? 100, format: "Email" };
    case "phone":
      return { ...text, length: length ?? 100, format: "Phone" };
    case "url":
      return { ...text, length: length ?? 100, format: "Url" };
    case "long_text":
      return {
        made: "Memo",
        holds: ["memo", "string"],
        length: length ?? 2_000,
        format: field.html === true ? "RichText" : "TextArea",
      };
    case "number":
      return scale === 0 && precision <= 9
        ? {
            made: "Integer",
            holds: ["integer", "bigint", "decimal"],
            ...bounded(digits, integerMost),
          }
        : {
            ...{ made: "Decimal", holds: ["decimal", "money"], places: scale, placesAtMost: 10 },
            ...bounded(digits, decimalMost),
          };
    case "money":
      return {
        ...{ made: "Money", holds: ["money", "decimal"], places: scale, placesAtMost: 4 },
        ...bounded(digits, moneyMost),
      };
    case "checkbox":
      return { made: "Boolean", holds: ["boolean"] };
    case "date":
      return { made: "DateTime", holds: ["datetime"], format: "DateOnly", behaviour: "DateOnly" };
    case "datetime":
      return {
        made: "DateTime",
        holds: ["datetime"],
        format: "DateAndTime",
        behaviour: "UserLocal",
      };
    case "choice":
      return { made: "Picklist", holds: ["picklist"] };
    case "multi_choice":
      return { made: "MultiSelectPicklist", holds: ["multiselectpicklist"] };
    default:
      return { made: "Lookup", holds: ["lookup", "customer", "owner"] };
  }
}

/** What goes beyond the type is refused row by row: no column takes it. */
function bounded(
  digits: number,
  widest: number,
): { readonly most: number; readonly widest: number } {
  return { most: Math.min(digits, widest), widest };
}
