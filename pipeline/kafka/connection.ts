import type { GlobalConfig } from "node-rdkafka";

/** Where Kafka, the registry and the blob folder are. */
export interface KafkaConnection {
  /** host:port, comma-separated. */
  readonly brokers: string;
  /** Base URL of a Confluent-compatible registry. */
  readonly registry: string;
  /** Folder of claim-checked values, the same for every process. */
  readonly blobFolder: string;
  readonly clientId: string;
  /** librdkafka's own settings for TLS and SASL, e.g. `security.protocol`. */
  readonly security?: Readonly<Record<string, string>>;
}

/** Settings every client shares. */
export function sharedConfig(connection: KafkaConnection): GlobalConfig {
  return {
    "metadata.broker.list": connection.brokers,
    "client.id": connection.clientId,
    "socket.keepalive.enable": true,
    "log.connection.close": false,
    ...(connection.security as GlobalConfig | undefined),
  };
}
