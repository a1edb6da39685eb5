/**
 * Works on up to `limit` items at the same time and passes the results on in the order of the items, each as soon as
 * it and all before it are there. An item is only taken from the source when there is room, and there is room again
 * when a result was taken: a slow reader of results slows down the source. `work` must not reject.
 */
export async function runOrdered<T, R>(
  source: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
  take: (result: R) => Promise<void>,
): Promise<void> {
  let inFlight = 0;
  let onRoom: (() => void) | undefined;
  let last = Promise.resolve();
  for await (const item of source) {
    const result = work(item);
    inFlight += 1;
    const before = last;
    last = (async () => {
      await before;
      await take(await result);
      inFlight -= 1;
      onRoom?.();
    })();
    if (inFlight >= limit) {
      await new Promise<void>((resolve) => {
        onRoom = resolve;
      });
    }
  }
  await last;
}
