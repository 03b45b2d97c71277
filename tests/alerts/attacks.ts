import { hour, minute, packet, row, type Arrival } from "./scenarios.js";

const second = minute / 60n;
const host = (index: number) => ({
  DestinationNamespace: `team-${index % 12}`,
  DestinationWorkloadName: `server-${index}`,
  DestinationPodName: `server-${index}-0`,
  DestinationIP: `10.0.${8 + (index >> 8)}.${index & 255}`,
  DestinationIdentity: 40_000 + index,
});
const world = (address: string, name?: string) => ({
  DestinationIP: address,
  DestinationIdentity: 16_777_300,
  DestinationLabels: [`cidr:${address}/32`, "reserved:world"],
  ...(name !== undefined && { DestinationNames: [name] }),
});
const denied = { Verdict: "DROPPED", EventType: 1, DropReason: "POLICY_DENIED", DropReasonCode: 133 };
const intruder = {
  SourceNamespace: "shop",
  SourceWorkloadName: "intruder",
  SourcePodName: "intruder-5c7d8f9b6-abcde",
  SourceIP: "10.0.1.99",
  SourceIdentity: 29_999,
};
const many = (count: number, make: (index: number) => Arrival) =>
  Array.from({ length: count }, (_, index) => make(index));
const tries = (ago: bigint, destination: object, columns: object = {}) =>
  row(ago, packet(0, { ...destination }, { ...intruder, ...columns }));

/** For the alerts whose rows the functions of adx/detections.kql decide: attacks beyond any sensible threshold. */
export const attacks: Record<string, Arrival[]> = {
  "port-scan": many(400, (index) =>
    tries(8n * minute - BigInt(index) * second, host(1), {
      ...denied,
      SourcePort: 45_000 + index,
      DestinationPort: index + 1,
    }),
  ),
  sweep: many(250, (index) =>
    tries(8n * minute - BigInt(index) * second, host(index), {
      ...denied,
      SourcePort: 45_000 + index,
      DestinationPort: 22,
    }),
  ),
  "new-external-contact": [
    ...many(200, (index) => tries(2n * hour + BigInt(index) * 30n * minute, world("203.0.113.9"))),
    ...many(5, (index) => tries(10n * minute - BigInt(index) * minute, world("198.51.100.77"))),
  ],
  beacon: many(350, (index) =>
    tries(355n * minute - BigInt(index) * minute, world("198.51.100.77"), { SourcePort: 45_000 + index }),
  ),
  "dns-tunnel": many(900, (index) =>
    tries(
      50n * minute - BigInt(index) * 3n * second,
      { DestinationNamespace: "kube-system", DestinationPodName: "coredns-1", DestinationIP: "10.0.0.10" },
      {
        FlowType: "L7",
        L7Type: "REQUEST",
        EventType: 129,
        L4Protocol: "UDP",
        DestinationPort: 53,
        SourcePort: 45_000 + index,
        DNSQuery: `${name(index)}.${name(index + 7919)}.tunnel.example.`,
        DNSQueryTypes: ["TXT"],
      },
    ),
  ),
  "denial-spike": [
    // Of a cluster that is new nothing can be said.
    row(48n * hour, packet(0, host(1))),
    ...many(2000, (index) =>
      tries(30n * minute - BigInt(index) * (second / 2n), host(1), {
        ...denied,
        SourcePort: 33_000 + index,
        DestinationPort: 8080,
      }),
    ),
  ],
  "metadata-contact": many(3, (index) =>
    tries(5n * minute - BigInt(index) * second, world("169.254.169.254"), { DestinationPort: 80 }),
  ),
  "namespace-probe": many(48, (index) =>
    tries(9n * minute - BigInt(index) * 10n * second, host(index), {
      ...denied,
      SourcePort: 45_000 + index,
      DestinationPort: 8080,
    }),
  ),
  cleartext: [
    ...many(600, (index) => tries(3n * hour - BigInt(index) * 10n * second, host(1), { Encrypted: true })),
    ...many(100, (index) => tries(20n * minute - BigInt(index) * 10n * second, host(1), { Encrypted: false })),
  ],
};

/** Forty letters and digits that look random, the same for the same number. */
function name(seed: number): string {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Array.from({ length: 40 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return "abcdefghijklmnopqrstuvwxyz234567"[state >>> 27];
  }).join("");
}
