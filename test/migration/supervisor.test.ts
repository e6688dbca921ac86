import { expect, test } from "vitest";
import { exitCodeOf } from "../../ops/cli/exit-codes.ts";
import { staysDown } from "../../ops/migration/supervisor.ts";
import { CutoverError, dispositions, type ErrorCode } from "../../pipeline/core/errors.ts";

test("a stage that ended with an error the table says to stop at is never started again, any other is", () => {
  const restarted = Object.entries(dispositions)
    .filter(([code]) => !staysDown(exitCodeOf(new CutoverError(code as ErrorCode, ""))))
    .map(([, disposition]) => disposition);
  expect(restarted).not.toContain("stop");
  expect(restarted).toContain("retry");
  expect(staysDown("SIGKILL")).toBe(false);
});
