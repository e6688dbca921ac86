import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { generate } from "../generate/generate.ts";
import type { World } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { Meta } from "../truth/meta.ts";
import { emptyDatabase } from "../truth/schema.ts";
import { loadCorpus } from "./corpus.ts";
import { loadTruthFile } from "./truth-file.ts";

/** Where a tenant's records come from: a corpus and a truth file, or (neither named) the generator. */
export interface Origin {
  readonly world: World;
  readonly corpus?: string | undefined;
  readonly truth?: string | undefined;
}

/** Fills the ledger, or goes on with the one already there when it was made from the same origin. */
export async function fill(
  parts: { db: DatabaseSync; ledger: Ledger; meta: Meta },
  origin: Origin,
): Promise<"made" | "found"> {
  const { db, ledger, meta } = parts;
  const { world, corpus, truth } = origin;
  const made = JSON.stringify({
    seed: world.seed,
    size: world.size,
    epoch: world.epoch,
    realities: world.realities,
    large_files: world.largeFiles,
    corpus: digest(corpus),
    truth: digest(truth),
  });
  const there = meta.get("made_from");
  if (there === made) return "found";
  if (there !== undefined)
    throw new Error(
      `The folder holds a Q Dispatch tenant made from ${there}, but ${made} is asked for; name another folder or remove this one.`,
    );
  emptyDatabase(db); // a start that was killed half-way
  ledger.restart();
  if (corpus !== undefined) await loadCorpus(ledger, corpus);
  if (truth !== undefined) await loadTruthFile(ledger, truth, world.epoch);
  if (corpus === undefined && truth === undefined) generate(ledger, world);
  meta.set("made_from", made);
  return "made";
}

function digest(file: string | undefined): string | null {
  if (file === undefined) return null;
  if (!existsSync(file)) throw new Error(`There is no file ${file} to load; check the path given.`);
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}
