import { BlockList, isIP } from "node:net";

/** An address with the length of its network, as Go's netip.Prefix compares them. */
export interface Prefix {
  contains(address: string): boolean;
  length: number;
  address: string;
}

/** Reads a CIDR as Go's netip.ParsePrefix does: no zone, a length without a sign or leading zeros; undefined else. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.lastIndexOf("/");
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  const family = isIP(address);
  if (slash < 0 || family === 0 || address.includes("%")) return undefined;
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return {
    address,
    length: Number(bits),
    // An IPv4 address in IPv6 notation is IPv6 to Go, and an address with a zone is in no network.
    contains: (other) =>
      isIP(other) === family && !other.includes("%") && list.check(other, family === 4 ? "ipv4" : "ipv6"),
  };
}

/** Whether an address is one of those given, as they are written, or in one of the networks. */
export function addressTest(given: readonly string[]): (address: string) => boolean {
  const addresses = new Set(given.filter((one) => !one.includes("/")));
  const prefixes = given.filter((one) => one.includes("/")).map(parsePrefix);
  return (address) =>
    address !== "" && (addresses.has(address) || prefixes.some((prefix) => prefix?.contains(address)));
}
