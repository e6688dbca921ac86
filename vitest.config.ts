import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    // A limit is there for what hangs, not for a slow machine: the same one holds wherever a test names none.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000, interval: 200 } },
    // Integration tests share one broker and two cores: two files at a time keep them honest.
    maxWorkers: 2,
    env: { CUTOVER_LOG_LEVEL: "warn", UV_THREADPOOL_SIZE: "16" },
    passWithNoTests: false,
  },
});
