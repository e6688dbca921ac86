import { address } from "./rules/address.ts";
import { boolean } from "./rules/boolean.ts";
import { constant } from "./rules/constant.ts";
import { copy } from "./rules/copy.ts";
import { date } from "./rules/date.ts";
import { datetime } from "./rules/datetime.ts";
import { decimal } from "./rules/decimal.ts";
import { geo } from "./rules/geo.ts";
import { html } from "./rules/html.ts";
import { json } from "./rules/json.ts";
import { list } from "./rules/list.ts";
import { lookup } from "./rules/lookup.ts";
import { money } from "./rules/money.ts";
import { owner } from "./rules/owner.ts";
import { pick } from "./rules/pick.ts";
import type { Rule } from "./rules/rule.ts";
import { sourceKey } from "./rules/source-key.ts";
import { splitName } from "./rules/split-name.ts";
import { statusTime } from "./rules/status-time.ts";
import { template } from "./rules/template.ts";
import { values } from "./rules/values.ts";

/** The mapping vocabulary: every rule by the word that names it in a mapping. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  [
    address,
    boolean,
    constant,
    copy,
    date,
    datetime,
    decimal,
    geo,
    html,
    json,
    list,
    lookup,
    money,
    owner,
    pick,
    sourceKey,
    splitName,
    statusTime,
    template,
    values,
  ].map((each) => [each.name, each]),
);
