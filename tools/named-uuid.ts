import { createHash } from "node:crypto";

/** A UUID (version 5) made from a name, so that what it stands for keeps its id from one version to the next. */
export function namedUuid(name: string): string {
  const bytes = createHash("sha1").update(`hubble-adx ${name}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
