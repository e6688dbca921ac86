import { sourcePeople } from "../source-people.ts";
import { resolveOwners } from "../owners.ts";
import { openSink } from "../open-sink.ts";
import type { RunContext } from "../run-context.ts";

/** The gates a person passes before a run; a rehearsal passes them in its own name. */
const gates = ["confirm", "preflight", "sample", "approve"] as const;

/**
 * Confirms the plan and the owners: people are read from the source, matched to users by e-mail,
 * and who matches nobody goes to the fallback owner by name.
 */
export async function confirm(context: RunContext): Promise<void> {
  const { migration, plan, writer, saidBy } = context;
  const sink = await openSink(migration, "preflight");
  try {
    const people = await sourcePeople(migration);
    const resolution = await resolveOwners(
      sink,
      people,
      migration.file.settings.fallback_owner_email,
    );
    await writer.say("run", "run", { run: context.run }, saidBy);
    await writer.say("plan", "plan", { hash: plan.hash }, saidBy);
    await writer.say(
      "owners",
      "owners",
      { revision: 0, owners: resolution.owners, fallback: resolution.fallback },
      saidBy,
    );
    for (const gate of gates) {
      await writer.say("gate", gate, { plan: plan.hash, passed: true }, saidBy);
    }
    const { length } = Object.keys(resolution.owners);
    context.progress(
      `plan ${plan.hash.slice(0, 12)} confirmed; ${length} owners, ${resolution.unresolved.length} to the fallback owner`,
    );
  } finally {
    await sink.close();
  }
}
