import type { LiteralType, Scalar } from "./tokens.ts";

/** A literal in a filter. */
export interface Literal {
  readonly type: LiteralType;
  readonly value: Scalar;
}

/** One side of a comparison. */
export type Operand =
  | { readonly kind: "path"; readonly path: readonly string[] }
  | ({ readonly kind: "literal" } & Literal);

/** How two values are compared. */
export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

/** A filter as a tree. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly op: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: "text";
      readonly op: "contains" | "startswith" | "endswith";
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: "any" | "all";
      readonly path: readonly string[];
      readonly variable: string;
      readonly part: Condition | undefined;
    }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly path: readonly string[];
      readonly values: readonly Literal[];
    };
