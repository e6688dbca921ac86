import type { DateFunction } from "./date-functions.ts";

/** A column as written, such as `Account.Name`; `at` is its place in the statement. */
export interface Path {
  readonly parts: readonly string[];
  readonly at: number;
  /** The function around it, such as `CALENDAR_YEAR`. */
  readonly fn?: DateFunction;
}

/** `TYPEOF What WHEN Account THEN Phone ELSE Name END`. */
export interface TypeOf {
  readonly path: Path;
  readonly whens: readonly { readonly type: string; readonly fields: readonly Path[] }[];
  readonly otherwise: readonly Path[];
}

/** The aggregate functions. */
export type AggregateName = "COUNT" | "COUNT_DISTINCT" | "SUM" | "AVG" | "MIN" | "MAX";

/** An aggregate over a column; `COUNT()` has none. */
export interface Aggregate {
  readonly fn: AggregateName;
  readonly path: Path | undefined;
}

/** One item of a SELECT list. */
export type SelectItem =
  | { readonly kind: "field"; readonly path: Path; readonly alias: string | undefined }
  | { readonly kind: "aggregate"; readonly of: Aggregate; readonly alias: string | undefined }
  | { readonly kind: "children"; readonly query: Query }
  | { readonly kind: "typeOf"; readonly of: TypeOf }
  | { readonly kind: "fields"; readonly which: "ALL" | "STANDARD" | "CUSTOM" };

/** A value a column is compared with. */
export type Literal =
  | { readonly kind: "null" }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "date" | "datetime"; readonly text: string }
  | { readonly kind: "dateLiteral"; readonly name: string; readonly n: number | undefined };

/** How a column is compared. */
export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

/** What stands on the left of a comparison. */
export type Operand =
  | { readonly path: Path }
  | { readonly aggregate: Aggregate; readonly at: number };

/** A condition of WHERE or HAVING. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly all: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "compare";
      readonly left: Operand;
      readonly op: Comparison;
      readonly value: Literal;
    }
  | {
      readonly kind: "in";
      readonly left: Operand;
      readonly negated: boolean;
      readonly values: readonly Literal[];
    }
  | {
      readonly kind: "semiJoin";
      readonly left: Operand;
      readonly negated: boolean;
      readonly query: Query;
    }
  | {
      readonly kind: "includes";
      readonly left: Operand;
      readonly negated: boolean;
      readonly values: readonly string[];
    };

/** One column rows are sorted by. */
export interface OrderItem {
  readonly of: Operand;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** A parsed statement. */
export interface Query {
  readonly text: string;
  readonly select: readonly SelectItem[];
  readonly from: string;
  readonly fromAt: number;
  readonly alias: string | undefined;
  readonly where: Condition | undefined;
  readonly groupBy: readonly Path[];
  readonly having: Condition | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | undefined;
  readonly offset: number;
  readonly allRows: boolean;
}
