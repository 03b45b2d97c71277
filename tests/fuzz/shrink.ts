/** Takes out of a record what it does not need to keep a property, larger pieces first. */
export function shrink(record: Buffer, keepsProperty: (record: Buffer) => boolean): Buffer {
  let smallest = record;
  for (let size = smallest.length >> 1; size > 0; size >>= 1) {
    for (let start = 0; start < smallest.length;) {
      const candidate = Buffer.concat([smallest.subarray(0, start), smallest.subarray(start + size)]);
      if (keepsProperty(candidate)) smallest = candidate;
      else start += size;
    }
  }
  return smallest;
}
