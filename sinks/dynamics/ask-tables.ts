import { CutoverError } from "../../pipeline/core/errors.ts";
import { type BatchRead, readBatch } from "./batch-read.ts";
import type { DynamicsClient } from "./client.ts";
import type { BulkMessage } from "./metadata.ts";
import type { PartReply } from "./multipart.ts";
import { replyError } from "./reply-error.ts";
import type { AskedTable } from "./table-facts.ts";

/** Which tables take which messages. */
export type Offers = ReadonlyMap<string, ReadonlySet<BulkMessage>>;

/** What was answered to one call. */
export interface AskedTables {
  readonly offers: Offers;
  /** A table's definitions; undefined where there is none for our user. Throws where they were refused. */
  of(logical: string): AskedTable | undefined;
}

const shown = [
  "$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute",
  "$expand=Attributes,Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)," +
    "ManyToOneRelationships($select=ReferencedEntity,ReferencingAttribute,ReferencingEntityNavigationPropertyName)",
].join("&");
/** Kinds of columns with choices. */
const choiceKinds = ["Picklist", "MultiSelectPicklist", "State", "Status"];
const choicesShown =
  "$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)";

/** Asks for the definitions of tables in one call, and with them which messages all tables take, unless that is known. */
export async function askTables(
  client: Pick<DynamicsClient, "call">,
  names: readonly string[],
  known: Offers | undefined,
): Promise<AskedTables> {
  const perTable = 1 + choiceKinds.length;
  const reads: BatchRead[] = names.flatMap(readsOf);
  if (known === undefined) reads.push({ path: offersPath() });
  const { answers } = await readBatch(client, reads, "metadata");
  const offers = known ?? (await offersOf(client, bodyOf(answers.at(-1))));
  return {
    offers,
    of(logical) {
      const first = names.indexOf(logical) * perTable;
      const [table, ...choices] = answers.slice(first, first + perTable);
      if (table?.status === 404) return undefined;
      return {
        table: JSON.parse(bodyOf(table)) as AskedTable["table"],
        choices: choices.flatMap((each) => (JSON.parse(bodyOf(each)) as Listed).value),
      };
    },
  };
}

interface Listed {
  readonly value: AskedTable["choices"];
}

function readsOf(table: string): readonly BatchRead[] {
  const path = `EntityDefinitions(LogicalName='${table}')`;
  const choices = choiceKinds.map((kind) => ({
    path: `${path}/Attributes/Microsoft.Dynamics.CRM.${kind}AttributeMetadata?${choicesShown}`,
  }));
  return [{ path: `${path}?${shown}` }, ...choices];
}

function offersPath(): string {
  const names: readonly BulkMessage[] = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple"];
  const filter = names.map((name) => `sdkmessageid/name eq '${name}'`).join(" or ");
  return `sdkmessagefilters?$select=primaryobjecttypecode&$expand=sdkmessageid($select=name)&$filter=${encodeURIComponent(filter)}`;
}

/** The first page has come; the others are asked for. */
async function offersOf({ call }: Pick<DynamicsClient, "call">, first: string): Promise<Offers> {
  const offers = new Map<string, Set<BulkMessage>>();
  for (let body = first; ; ) {
    const page = JSON.parse(body) as OfferPage;
    for (const { primaryobjecttypecode: table, sdkmessageid: message } of page.value) {
      const some = offers.get(table) ?? new Set();
      offers.set(table, some.add(message.name));
    }
    const path = page["@odata.nextLink"];
    if (path === undefined) return offers;
    body = (await call({ api: "metadata", method: "GET", path })).body;
  }
}

interface OfferPage {
  readonly value: readonly {
    readonly primaryobjecttypecode: string;
    readonly sdkmessageid: { readonly name: BulkMessage };
  }[];
  readonly "@odata.nextLink"?: string;
}

function bodyOf(answer: PartReply | undefined): string {
  if (answer?.status === 200) return answer.body;
  if (answer !== undefined && answer.status >= 300) throw replyError(answer, "metadata", false);
  throw new CutoverError("SINK_UNAVAILABLE", "Dynamics: no answer to a read of definitions.");
}
