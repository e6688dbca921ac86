import { newGuid } from "../identifier.ts";
import type { ChoiceDef } from "../model.ts";
import { ApiError, badArgument, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { globalChoice, optionsFrom } from "./choice-from.ts";
import { listOf, noDefinition, oneOf } from "./item.ts";
import { textOfLabel } from "./labels.ts";
import { customize } from "./lock.ts";
import { made, sentIn } from "./made.ts";
import { checkedName, checkSolution } from "./names.ts";
import { choiceItem } from "./show-choice.ts";

const set = "GlobalOptionSetDefinitions";

/** `GlobalOptionSetDefinitions` and one of them. */
export function globalOptionSets(call: Call): Reply {
  const { env, method } = call;
  const [first] = call.segments;
  if (first?.key === undefined) {
    if (method === "POST") return customize(call, () => create(call));
    return listOf(
      call,
      env.model.choices.map((choice) => choiceItem(choice)),
      { set },
    );
  }
  const choice = globalChoice(env, first);
  if (choice === undefined) throw noDefinition();
  if (method === "GET") return oneOf(call, choiceItem(choice), { set });
  if (method === "PUT") return customize(call, () => change(call, choice));
  if (method === "DELETE") return customize(call, () => remove(call, choice));
  throw noSuchSegment(set);
}

function create(call: Call): Reply {
  const { env } = call;
  checkSolution(call);
  const sent = sentIn(call);
  const name = checkedName(env, sent["Name"]).toLowerCase();
  if (env.model.choice(name) !== undefined) {
    const message = `An OptionSet with the specified name ${name} already exists.`;
    throw new ApiError(400, "0x80044345", message);
  }
  if ((sent["OptionSetType"] ?? "Picklist") !== "Picklist")
    throw badArgument("A global choice is of the type Picklist.");
  const choice: ChoiceDef = {
    metadataId: newGuid(),
    name,
    isGlobal: true,
    custom: true,
    displayName: textOfLabel(sent["DisplayName"]) ?? name,
    options: optionsFrom(env, name, sent["Options"]),
  };
  env.model.putChoice(choice);
  return made(call, `${set}(${choice.metadataId})`, choiceItem(choice));
}

function change(call: Call, choice: ChoiceDef): Reply {
  const displayName = textOfLabel(sentIn(call)["DisplayName"]) ?? choice.displayName ?? choice.name;
  call.env.model.putChoice({ ...choice, displayName });
  return { status: 204 };
}

function remove({ env }: Call, choice: ChoiceDef): Reply {
  const used = env.model.tables.some(({ columns }) =>
    columns.some((column) => column.globalChoice === choice.name),
  );
  if (used) throw new ApiError(400, "0x80048417", `The choice ${choice.name} is used by a column.`);
  env.model.removeChoice(choice.name);
  return { status: 204 };
}
