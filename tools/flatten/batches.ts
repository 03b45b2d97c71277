/** How much is gathered before it is handed on. */
export interface BatchLimits {
  /** At most this many items. */
  items: number;
  /** No longer than this after the first item. */
  milliseconds: number;
}

/**
 * Gathers items into batches, so that a fast source is worked on in bulk and a slow one (a log that is followed) is
 * handed on as it comes.
 */
export async function* batches<T>(source: AsyncIterable<T>, limits: BatchLimits): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]();
  let next = advance(iterator);
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      next = advance(iterator);
      const timer = startTimer(limits.milliseconds);
      while (batch.length < limits.items) {
        // A failure is met again where the next batch begins, after this one has been handed on.
        const result = await Promise.race([next, timer.expired]).catch(() => undefined);
        if (!result || result.done) break;
        batch.push(result.value);
        next = advance(iterator);
      }
      timer.stop();
      yield batch;
    }
  } finally {
    // Not awaited: a source that is waiting for input answers only when there is some.
    void iterator.return?.().catch(() => {});
  }
}

function startTimer(milliseconds: number): { expired: Promise<undefined>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  return { expired, stop: () => clearTimeout(timer) };
}

/** Asks for the next item; its failure is reported where it is awaited, and nowhere before. */
function advance<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = iterator.next();
  next.catch(() => {});
  return next;
}
