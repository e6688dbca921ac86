import { type SimulatedOrg, simulatedOrg } from "../sinks/salesforce/simulated-org.ts";
import { MigrationWorld } from "./migration-world.ts";
import { threeObjects, threeObjectsSchema } from "./three-objects.ts";

/** A migration into a simulated org. */
export class LoaderWorld extends MigrationWorld<SimulatedOrg> {
  readonly #schema: object;

  constructor(plan = threeObjects, schema: object = threeObjectsSchema) {
    super(plan);
    this.#schema = schema;
  }

  protected openDestination(): Promise<SimulatedOrg> {
    return simulatedOrg(this.#schema);
  }

  protected sinkFacts() {
    const { http: loginUrl, clientId, clientSecret, blobFolder } = this.org;
    return { destination: "salesforce" as const, loginUrl, clientId, clientSecret, blobFolder };
  }
}
