import { createHash } from "node:crypto";

/** Characters of a custom field's API name without `__c`, so that the whole has 40. */
const stemLength = 37;

/** Words that Apex, SOQL or the platform keep for themselves; a field named so cannot be used in code. */
const reserved: ReadonlySet<string> = new Set(
  (
    "id name select from where group order by limit and or not in like null true false date datetime time " +
    "case class new return if else for while do switch try catch finally throw this super static void int " +
    "long double decimal string boolean object list map set type user account contact event task case__c " +
    "owner ownerid createddate createdby lastmodifieddate systemmodstamp isdeleted recordtype recordtypeid"
  ).split(" "),
);

/** A free API name for a property: legal, at most 40 characters, the same for the same key, whatever else there is. */
export function fieldName(key: string, taken: ReadonlySet<string>): string {
  const stem = stemOf(key);
  const plain = reserved.has(stem.toLowerCase()) ? `${stem}_Property` : stem;
  const cut = plain.slice(0, stemLength).replace(/_+$/, "");
  if (cut === plain && isFree(cut, taken)) return `${cut}__c`;
  // Two keys with one name, or a name cut off: the key's own hash tells them apart.
  const mark = createHash("sha256").update(key).digest("hex").slice(0, 6);
  const marked = `${plain.slice(0, stemLength - 7).replace(/_+$/, "")}_${mark}`;
  return `${marked}__c`;
}

function isFree(stem: string, taken: ReadonlySet<string>): boolean {
  return !taken.has(`${stem}__c`.toLowerCase());
}

function stemOf(key: string): string {
  const plain = key.normalize("NFKD").replace(/\p{M}+/gu, "");
  const words = plain.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const stem = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("_");
  if (stem === "") return "Property";
  return /^[A-Za-z]/.test(stem) ? stem : `Property_${stem}`;
}
