import { badQuery } from "../web/api-error.ts";
import type { Comparison, Condition, Literal, Operand } from "./condition.ts";
import { type Token, tokensOf } from "./tokens.ts";

const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);
const texts: ReadonlySet<string> = new Set(["contains", "startswith", "endswith"]);
const crm = "Microsoft.Dynamics.CRM.";

/** Reads `$filter`; `alias` gives the text a parameter such as `@p1` stands for. */
export function parseFilter(
  text: string,
  alias: (name: string) => string | undefined = () => undefined,
): Condition {
  const parser = new FilterParser(tokensOf(text), text, alias);
  return parser.whole();
}

class FilterParser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly text: string;
  private readonly alias: (name: string) => string | undefined;
  constructor(tokens: readonly Token[], text: string, alias: (name: string) => string | undefined) {
    this.tokens = tokens;
    this.text = text;
    this.alias = alias;
  }

  whole(): Condition {
    const condition = this.either();
    if (this.at < this.tokens.length) throw this.fault();
    return condition;
  }

  private either(): Condition {
    const parts = [this.both()];
    while (this.takeWord("or")) parts.push(this.both());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: "or", parts };
  }

  private both(): Condition {
    const parts = [this.one()];
    while (this.takeWord("and")) parts.push(this.one());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: "and", parts };
  }

  private one(): Condition {
    if (this.takeWord("not")) return { kind: "not", part: this.one() };
    if (this.takeMark("(")) {
      const inner = this.either();
      this.need(")");
      return inner;
    }
    const token = this.peek();
    if (token?.kind === "name" && this.isMark(1, "(")) {
      if (texts.has(token.text)) return this.textTest(token.text as "contains");
      if (token.text.startsWith(crm)) return this.crmFunction(token.text.slice(crm.length));
      throw badQuery(`An unknown function with name '${token.text}' was found.`);
    }
    return this.comparison();
  }

  private textTest(op: "contains" | "startswith" | "endswith"): Condition {
    this.at += 2;
    const left = this.operand();
    this.need(",");
    const right = this.operand();
    this.need(")");
    const test: Condition = { kind: "text", op, left, right };
    // Some clients write `contains(a,'b') eq true`.
    if (!this.takeWord("eq")) return test;
    const wanted = this.operand();
    return wanted.kind === "literal" && wanted.value === true ? test : { kind: "not", part: test };
  }

  private crmFunction(name: string): Condition {
    this.at += 2;
    let path: readonly string[] = [];
    let values: Literal[] = [];
    do {
      const argument = this.name();
      this.need("=");
      if (argument === "PropertyName") path = String(this.literal().value).split("/");
      else values = this.values();
    } while (this.takeMark(","));
    this.need(")");
    return { kind: "function", name, path, values };
  }

  /** One value, a list of them, or a parameter that stands for either. */
  private values(): Literal[] {
    if (this.takeMark("[")) return this.list();
    const token = this.peek();
    const given = token?.kind === "alias" ? (this.alias(token.text) ?? "") : "";
    if (!given.trimStart().startsWith("[")) return [this.literal()];
    this.at += 1;
    return new FilterParser(tokensOf(given), given, this.alias).values();
  }

  private list(): Literal[] {
    const values: Literal[] = [];
    while (!this.takeMark("]")) {
      values.push(this.literal());
      this.takeMark(",");
    }
    return values;
  }

  private comparison(): Condition {
    const left = this.operand();
    if (left.kind === "path" && (left.path.at(-1) === "any" || left.path.at(-1) === "all")) {
      return this.lambda(left.path);
    }
    const token = this.peek();
    if (token?.kind !== "name" || !comparisons.has(token.text)) throw this.fault();
    this.at += 1;
    return { kind: "compare", op: token.text as Comparison, left, right: this.operand() };
  }

  private lambda(path: readonly string[]): Condition {
    const kind = path.at(-1) as "any" | "all";
    this.need("(");
    const collection = path.slice(0, -1);
    if (this.takeMark(")")) return { kind, path: collection, variable: "", part: undefined };
    const variable = this.name();
    this.need(":");
    const part = this.either();
    this.need(")");
    return { kind, path: collection, variable, part };
  }

  private operand(): Operand {
    const token = this.peek();
    if (token?.kind !== "name") return { kind: "literal", ...this.literal() };
    const path = [this.name()];
    while (this.takeMark("/")) path.push(this.name());
    return { kind: "path", path };
  }

  private literal(): Literal {
    const token = this.peek();
    this.at += 1;
    if (token?.kind === "literal") return { type: token.type, value: token.value };
    if (token?.kind === "alias") return this.aliased(token.text);
    throw this.fault();
  }

  private aliased(name: string): Literal {
    const [token] = tokensOf(this.alias(name) ?? "null");
    if (token?.kind !== "literal")
      throw badQuery(`The value of the parameter '${name}' is no literal.`);
    return { type: token.type, value: token.value };
  }

  private name(): string {
    const token = this.peek();
    if (token?.kind !== "name") throw this.fault();
    this.at += 1;
    return token.text;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private isMark(ahead: number, text: string): boolean {
    const token = this.tokens[this.at + ahead];
    return token?.kind === "mark" && token.text === text;
  }

  private takeMark(text: string): boolean {
    if (!this.isMark(0, text)) return false;
    this.at += 1;
    return true;
  }

  private takeWord(text: string): boolean {
    const token = this.peek();
    if (token?.kind !== "name" || token.text !== text) return false;
    this.at += 1;
    return true;
  }

  private need(text: string): void {
    if (!this.takeMark(text)) throw this.fault();
  }

  private fault(): Error {
    return badQuery(`Syntax error at position ${this.text.length} in '${this.text}'.`);
  }
}
