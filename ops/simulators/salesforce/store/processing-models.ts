import { z } from "zod";

/** How long bulk work takes; what a real org needs is not published, so these are parameters. */
export const processingSchema = z.strictObject({
  /** How long a job waits before its first batch. */
  queueMs: z.int().min(0).default(300),
  /** What a batch of 10,000 rows takes at least; smaller ones take their share. */
  msPer10k: z.int().min(0).default(500),
  /** Batches worked on at the same time. */
  lanes: z.int().min(1).default(5),
  /** How fast uploads arrive; 0 does not slow them. */
  megabytesPerSecond: z.number().min(0).default(0),
  /** A batch that takes longer goes back into the queue with its remainder (Bulk API 2.0 guide). */
  batchTimeoutMs: z.int().min(1).default(300_000),
  /** How often it may go back before the job fails. */
  batchRetries: z.int().min(0).default(20),
  /** Rows of one batch that lose a lock to other batches before the whole job fails. */
  mostLockFailures: z.int().min(1).default(2_000),
});

const batch = { batchTimeoutMs: 300_000, batchRetries: 20, mostLockFailures: 2_000 };

/**
 * Whole settings by name. published: the model this project's figures are counted against (5 lanes,
 * 15 s for 10,000 rows, 3 s in the queue, 12.5 MB/s), quotas enforced. off: as fast as the machine,
 * quotas counted only.
 */
export const limitsModels = {
  standard: {
    processing: { queueMs: 300, msPer10k: 500, lanes: 5, megabytesPerSecond: 0, ...batch },
    enforced: true,
  },
  published: {
    processing: { queueMs: 3_000, msPer10k: 15_000, lanes: 5, megabytesPerSecond: 12.5, ...batch },
    enforced: true,
  },
  off: {
    processing: { queueMs: 0, msPer10k: 0, lanes: 5, megabytesPerSecond: 0, ...batch },
    enforced: false,
  },
} as const;

/** The name of a model. */
export const limitsModelName = z.enum(["standard", "published", "off"]);

/** Names of the models. */
export type LimitsModel = z.infer<typeof limitsModelName>;
