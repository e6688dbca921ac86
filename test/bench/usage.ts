/** How each bench is started, and what its arguments mean. */
export const usage = `npm run bench -- NAME [key=value ...]; figures on stdout as JSON, progress on stderr.

Everywhere with a destination: destination=salesforce|dynamics (salesforce),
edition=enterprise|professional (enterprise; dynamics only), brokers=HOST:PORT registry=URL (a stack
that runs already; otherwise the local one is started).

transform    records through the transform                       see transform.ts
end-to-end   the whole rehearsal, limits off                     size=5000 (customers) seed=1
delta        source commit to outcome at several rates           rates=1,10,50 seconds=60 size=500
ledger       filling and judging without Kafka                   rows=184000
bulk         source topics to outcomes, limits off, then the     orders=100000 accounts contacts lines
             simulator alone with the same rows                  closed=0.9 (share) lanes=5 alone=on|off
limits       the same at the published limits, against what      orders (dynamics: 100000) or rows (all:
             they imply and the fewest calls                     100000, salesforce); dynamics: t=5 (ms of
                                                                 execution a row), single=20 (ms a batch
                                                                 operation), servers=1
rerun        the same rows once more: said again, and loaded     orders=100000 lanes=5
             by a migration that knows nothing of the first
bad-rows     calls of 1,000 rows of which some are bad           rows=1000 bad=3 (dynamics only)

Sizes not named follow from orders: accounts 1/20, contacts 1/5, lines 1 (dynamics) or 0 (salesforce).
`;
