/** Tables ordered by buckets of records are read in as many steps as one likes, each a part of the table. */
const buckets = 4096;

/** The bucket of what a column names: all rows of a record, `note-1/2` too, share the record's. */
function bucketOf(column: string): string {
  return `cityHash64(splitByChar('/', ${column})[1]) % ${buckets}`;
}

/** The condition that a column names something of this chunk, one of so many. */
export function inChunk(column: string, chunk: number, chunks: number): string {
  const edge = (nth: number): number => Math.floor((buckets * nth) / chunks);
  return `(${bucketOf(column)} >= ${edge(chunk)} AND ${bucketOf(column)} < ${edge(chunk + 1)})`;
}

/** A table's engine, ordered by buckets first. */
export function inBuckets(engine: string, column: string, order: string): string {
  return (
    `ENGINE = ${engine} ORDER BY (${bucketOf(column)}, ${order})` +
    // Small steps and one column at a time: merging wide rows otherwise takes 150 MB more.
    " SETTINGS merge_max_block_size = 1024, merge_max_block_size_bytes = 2097152," +
    " vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1," +
    // A bucket's rows lie close together: little is read beside them.
    " index_granularity = 256"
  );
}
