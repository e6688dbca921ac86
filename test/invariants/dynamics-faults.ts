import { amissInDynamics } from "./dynamics-once.ts";
import type { Destination, FaultPlan, Rule } from "./fault-plans.ts";
import { leaverOf } from "./leaver.ts";
import { workOf } from "./work.ts";

const rows = { method: "POST", path: "Multiple$|/\\$batch$" };

/** Plans of which a test speaks by name. */
export const cut = "connection cut after commit";
export const locked = "customization lock";
export const pending = "key index pending";
/** The plan under which a user leaves while jobs of theirs are on their way. */
export const leavingOwner = "an owner is disabled in the middle";

/** What goes wrong at an environment, plan by plan. */
const plans: Readonly<Record<string, FaultPlan>> = {
  "429 storm with growing waits": {
    rules: [
      {
        id: "storm",
        match: { ...rows, from: 5, until: 14 },
        action: { kind: "throttle", limit: "requests", seconds: 1 },
      },
    ],
  },
  "execution time used up": {
    rules: [
      {
        id: "execution_time",
        match: { path: "/api/data/", from: 60, until: 64 },
        action: { kind: "throttle", limit: "execution", seconds: 2 },
      },
    ],
  },
  [cut]: {
    rules: [
      replyCut("account_reply_cut", "accounts/.*CreateMultiple", { nth: 2 }),
      replyCut("job_reply_cut", "(opportunities|qd_serviceorders)/.*CreateMultiple", { nth: 1 }),
      replyCut("line_reply_cut", "(opportunityproducts|qd_servicelines)/.*CreateMultiple", {
        nth: 1,
      }),
      replyCut("batch_reply_cut", "/\\$batch$", { probability: 0.2, count: 8 }),
    ],
  },
  "503 without a body": {
    rules: [
      {
        id: "read_503",
        match: { method: "GET", path: "/api/data/", from: 3, until: 6 },
        action: { kind: "status", status: 503, body: "" },
      },
      {
        id: "write_503",
        match: { ...rows, from: 6, until: 9 },
        action: { kind: "status", status: 503, body: "" },
      },
    ],
  },
  [locked]: {
    provisioning: [
      {
        id: "column_locked",
        match: { from: 40, until: 42 },
        action: { kind: "customization_lock" },
      },
      {
        id: "publish_locked",
        match: { path: "^PublishXml", count: 1 },
        action: { kind: "customization_lock" },
      },
    ],
  },
  "token expiry": {
    rules: [
      {
        id: "token_expiry",
        match: { ...rows, from: 4, until: 7 },
        action: { kind: "expire_token" },
      },
    ],
  },
  [pending]: {
    provisioning: [{ id: "pending", match: { count: 900 }, action: { kind: "key_pending" } }],
  },
  [leavingOwner]: {
    rulesFor: async (source) => [
      {
        id: "leaving",
        match: { method: "POST", path: "opportunities/.*CreateMultiple", nth: 2 },
        action: { kind: "disable_user", email: (await leaverOf(source)).email },
      },
    ],
    work: async (source, nth) => workOf(source, nth, (await leaverOf(source)).id),
    stays: true,
  },
};

function replyCut(id: string, path: string, when: object): Rule {
  return { id, match: { method: "POST", path, ...when }, action: { kind: "drop_after" } };
}

/** An environment under faults; jobs are opportunities there, which are closed. */
export const dynamicsUnderFaults: Destination = {
  options: { destination: "dynamics", edition: "professional" },
  plans,
  // A leaver has more rows than a faulty mapping is given: the ceiling is not what is asked about here.
  loader: () => ({ flush_ms: 300, refusal_share: 0.2 }),
  async taken(destination) {
    const counters = await destination.call<Record<string, number>>("GET", "counters");
    return counters["power_platform_requests"] ?? 0;
  },
  amiss: amissInDynamics,
  // Jobs are closed, reopened, and edited while they are closed.
  live: async ({ surroundings }) => {
    await surroundings.qdispatch.call("POST", "tick", { changes: 200 });
  },
};
