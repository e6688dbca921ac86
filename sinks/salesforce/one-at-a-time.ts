/**
 * Lets one big transfer run at a time: an upload or a result file is tens of megabytes as text and
 * again as bytes, and several lanes would hold several of them at once.
 */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
