/** Who may import whom (the design's house rules). Each rule names what breaks without it. */
const only = (name, to, from, comment) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    {
      name: "core-imports-nothing",
      comment: "Core is pure: record types, outcomes, the error table.",
      severity: "error",
      from: { path: "^pipeline/core/" },
      to: { pathNot: "^(pipeline/core/|node:crypto$|crypto$)" },
    },
    {
      name: "mapping-is-pure",
      comment: "A mapping is data and pure functions: no I/O but reading its own files.",
      severity: "error",
      from: { path: "^pipeline/mapping/" },
      to: { path: "^(pipeline/(kafka|source|transform)|sinks|ops|node_modules/(node-rdkafka|kafkajs|jsforce|dynamics-web-api|undici))" },
    },
    only("kafka-alone-touches-kafka", "^node_modules/(node-rdkafka|kafkajs|avsc|@kafkajs)", "^pipeline/kafka/", "Every rule about the clients lives in one folder."),
    only("one-file-touches-jsforce", "^node_modules/jsforce", "^sinks/salesforce/client\\.ts$", "Its traps are answered in one place."),
    only("one-file-touches-dynamics-web-api", "^node_modules/dynamics-web-api", "^sinks/dynamics/client\\.ts$", "Its traps are answered in one place."),
    only("clickhouse-alone-touches-clickhouse", "^node_modules/(@clickhouse|chdb)", "^sinks/clickhouse/", "One process owns the engine."),
    {
      name: "simulators-know-nothing-of-the-product",
      comment: "They are the outside world.",
      severity: "error",
      from: { path: "^ops/simulators/" },
      to: { path: "^(pipeline|sinks|topics|ops/(?!simulators))" },
    },
    {
      name: "the-product-knows-nothing-of-simulators",
      severity: "error",
      from: { path: "^(pipeline|sinks|topics|ops/(?!simulators|cli/simulators\\.ts))" },
      to: { path: "^ops/simulators/" },
    },
    {
      name: "only-ops-composes",
      severity: "error",
      from: { path: "^(pipeline|sinks|topics)/" },
      to: { path: "^ops/" },
    },
    {
      name: "pipeline-does-not-know-sinks",
      severity: "error",
      from: { path: "^pipeline/" },
      to: { path: "^sinks/" },
    },
    {
      name: "common-parts-know-no-destination",
      comment: "A destination adds mappings, a sink and a simulator, and touches nothing else.",
      severity: "error",
      from: { path: "^(pipeline/|topics/|sinks/(loader|observer|clickhouse)/|sinks/[^/]+$)" },
      to: { path: "^sinks/(salesforce|dynamics)/" },
    },
    {
      name: "destinations-know-one-another-not",
      severity: "error",
      from: { path: "^sinks/(salesforce|dynamics)/" },
      to: { path: "^sinks/(salesforce|dynamics|loader|observer|clickhouse)/", pathNot: "^sinks/$1/" },
    },
    {
      name: "one-file-lists-the-kinds",
      comment: "Whoever compiles a mapping asks for the rules of a kind.",
      severity: "error",
      from: { path: "^(pipeline|sinks|topics|ops)/", pathNot: "^pipeline/mapping/destinations/rules-of\\.ts$" },
      to: { path: "^pipeline/mapping/destinations/(salesforce|dynamics)\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: { extensions: [".ts", ".js", ".cjs", ".mjs"] },
  },
};
