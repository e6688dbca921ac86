/** What a simulator says once it answers: everything a client needs to reach it. */
export interface ClientReady {
  readonly simulator: string;
  readonly http: string;
  readonly https: string;
  readonly ca_file: string;
  readonly client_id: string;
  readonly client_secret: string;
  /** The admin URL, `<http>/__simulator`. */
  readonly admin: string;
}

/** The same for a simulator that also signs users in by password. */
export interface ReadyLine extends ClientReady {
  readonly user: string;
  readonly password: string;
  /** Salesforce: what some clients append to the password. */
  readonly security_token?: string;
  /** Salesforce: the private key (PEM) that signs a JWT bearer assertion for any user. */
  readonly jwt_key_file?: string;
}

/** Prints the ready line, so that a script which started the simulator can read one line of JSON and go on. */
export function printReady(ready: ClientReady): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}
