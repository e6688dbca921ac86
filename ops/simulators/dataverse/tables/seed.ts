import type { Writer } from "../extension.ts";
import { guidOf } from "../identifier.ts";
import type { Values } from "../rows/row.ts";

/** Endings of files that notes refuse, as an organization has them at first (shortened). */
const blockedAttachments =
  "ade;adp;app;asa;asp;bas;bat;cer;chm;cmd;com;cpl;crt;dll;exe;hlp;hta;inf;ins;isp;jar;js;jse;lnk;mdb;msc;msi;msp;mst;pif;ps1;reg;scr;sct;shb;shs;svg;tmp;url;vb;vbe;vbs;wsc;wsf;wsh";

/** The rows every environment has: an organization, a seller's role, a default team, publishers and solutions. */
export function seedTables(writer: Writer): void {
  const { env, caller } = writer;
  const keep = (table: string, id: string, values: Values): void => {
    if (env.rows(table).get(id) === undefined) writer.create(table, values, { id, internal: true });
  };
  const unit = { table: "businessunit", id: caller.businessUnitId };
  const currency = env.settings.read("currency") ?? "";
  keep("organization", env.organizationId, {
    name: "Cutover",
    languagecode: 1033,
    blockedattachments: blockedAttachments,
    schemanameprefix: "new",
    basecurrencyid: { table: "transactioncurrency", id: currency },
  });
  keep("role", guidOf("role", "Salesperson"), { name: "Salesperson", businessunitid: unit });
  keep("team", guidOf("team", "Cutover"), {
    name: "Cutover",
    isdefault: true,
    businessunitid: unit,
  });
  seedPublishers(keep);
}

function seedPublishers(keep: (table: string, id: string, values: Values) => void): void {
  const publisher = guidOf("publisher", "DefaultPublisher");
  keep("publisher", publisher, {
    uniquename: "DefaultPublishercutover",
    friendlyname: "Default Publisher for cutover",
    customizationprefix: "new",
    customizationoptionvalueprefix: 10_000,
  });
  for (const [uniquename, friendlyname] of [
    ["Default", "Default Solution"],
    ["Active", "Active Solution"],
  ] as const) {
    keep("solution", guidOf("solution", uniquename), {
      uniquename,
      friendlyname,
      version: "1.0",
      publisherid: { table: "publisher", id: publisher },
    });
  }
}
