import { address } from "./rules/address.ts";
import { author } from "./rules/author.ts";
import { boolean } from "./rules/boolean.ts";
import { constant } from "./rules/constant.ts";
import { copy } from "./rules/copy.ts";
import { date } from "./rules/date.ts";
import { datetime } from "./rules/datetime.ts";
import { decimal } from "./rules/decimal.ts";
import { duration } from "./rules/duration.ts";
import { eventTime } from "./rules/event-time.ts";
import { file } from "./rules/file.ts";
import { fileName } from "./rules/file-name.ts";
import { findings } from "./rules/findings.ts";
import { geo } from "./rules/geo.ts";
import { html } from "./rules/html.ts";
import { htmlLines } from "./rules/html-lines.ts";
import { json } from "./rules/json.ts";
import { jsonOf } from "./rules/json-of.ts";
import { list } from "./rules/list.ts";
import { lookup } from "./rules/lookup.ts";
import { misfits, property } from "./rules/property.ts";
import { money } from "./rules/money.ts";
import { owner } from "./rules/owner.ts";
import { pick } from "./rules/pick.ts";
import { primaryTechnician } from "./rules/primary-technician.ts";
import { richText } from "./rules/rich-text.ts";
import type { Rule } from "./rules/rule.ts";
import { settingText } from "./rules/setting-text.ts";
import { skills } from "./rules/skills.ts";
import { sourceKey } from "./rules/source-key.ts";
import { splitName } from "./rules/split-name.ts";
import { splitText } from "./rules/split-text.ts";
import { statusTime } from "./rules/status-time.ts";
import { template } from "./rules/template.ts";
import { textFile } from "./rules/text-file.ts";
import { textLines } from "./rules/text-lines.ts";
import { values } from "./rules/values.ts";
import { visitTime } from "./rules/visit-time.ts";

/** The mapping vocabulary: every rule by the word that names it in a mapping. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  [
    address,
    author,
    boolean,
    constant,
    copy,
    date,
    datetime,
    decimal,
    duration,
    eventTime,
    file,
    fileName,
    findings,
    geo,
    html,
    htmlLines,
    json,
    jsonOf,
    list,
    lookup,
    misfits,
    money,
    owner,
    pick,
    primaryTechnician,
    property,
    richText,
    settingText,
    skills,
    sourceKey,
    splitName,
    splitText,
    statusTime,
    template,
    textFile,
    textLines,
    values,
    visitTime,
  ].map((each) => [each.name, each]),
);
