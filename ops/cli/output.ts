/** How a command answers: one JSON value, or text for a person. Progress goes to stderr. */
export interface Output {
  readonly json: boolean;
  /** The result: `value` with --json, else `text()`. */
  result(value: unknown, text: () => string): void;
  /** A line of progress for a person; nothing with --quiet. */
  readonly progress: (line: string) => void;
}

/** Options every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Answers on stdout, progress on stderr. */
export function openOutput(options: CommonOptions): Output {
  const startedAt = performance.now();
  return {
    json: options.json === true,
    result(value, text) {
      process.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
    },
    progress(line) {
      if (options.quiet) return;
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds} s  ${line}\n`);
    },
  };
}
