import type { Org } from "../org.ts";
import type { XmlElement, XmlValue } from "../soap/xml.ts";

/** Why one component was refused; the call goes on with the next. */
export class ComponentRefusal extends Error {
  readonly code: string;
  readonly fields: readonly string[];
  constructor(code: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.name = "ComponentRefusal";
    this.code = code;
    this.fields = fields;
  }
}

/** What a client asks to be done with a component. */
export type SaveMode = "create" | "update" | "upsert";

/** A component that `listMetadata` shows. */
export interface Listed {
  readonly fullName: string;
  readonly id: string;
  readonly fileName: string;
}

/** One type of metadata. */
export interface ComponentType {
  readonly name: string;
  readonly directoryName: string;
  readonly suffix: string;
  readonly childXmlNames: readonly string[];
  /** What `describeValueType` tells: elements and their types. */
  readonly elements: Readonly<Record<string, "string" | "boolean" | "int">>;
  /** The component of a name in the words of a reply; undefined where there is none. */
  read(org: Org, fullName: string): XmlValue | undefined;
  /** Creates or changes a component; true when it is new. Throws `ComponentRefusal`. */
  save(org: Org, fullName: string, element: XmlElement, mode: SaveMode): boolean;
  remove(org: Org, fullName: string): void;
  list(org: Org): readonly Listed[];
}

/** The refusal of what is already there. */
export function duplicate(message: string): ComponentRefusal {
  return new ComponentRefusal("DUPLICATE_DEVELOPER_NAME", message);
}

/** The refusal of a reference to what is not there. */
export function notThere(message: string): ComponentRefusal {
  return new ComponentRefusal("INVALID_CROSS_REFERENCE_KEY", message);
}

/** The refusal of a component that contradicts itself. */
export function unsound(message: string, field?: string): ComponentRefusal {
  const fields = field === undefined ? [] : [field];
  return new ComponentRefusal("FIELD_INTEGRITY_EXCEPTION", message, fields);
}
