import { isIP } from "node:net";
import type { End, WorldEnd } from "./end.js";
import type { Peer } from "./model.js";
import type { Direction } from "./sighting.js";
import type { Workload, Workloads } from "./workload.js";

/** A peer, or why there is none. */
export type Found = { peer: Peer; note?: string } | { reason: string };

const nameOfHost = /^([-a-z0-9_]+\.)*[-a-z0-9_]+$/;

/** Whether Cilium takes it as `matchName`. */
export function isName(name: string): boolean {
  return name.length <= 255 && nameOfHost.test(name);
}

/** Whom to name for the other end of a workload's requests: its labels, its entity, its DNS names, its address. */
export function peerOf(end: End, direction: Direction, subject: Workload, workloads: Workloads): Found {
  switch (end.kind) {
    case "unknown":
      return { reason: end.reason };
    case "entity":
      return { peer: { kind: "entity", entity: end.entity } };
    case "world":
      return worldPeer(end, direction);
    case "pod": {
      const workload = workloads.of(end);
      if (!workload)
        return { reason: `nothing says which labels ${end.title} has: export source.labels and destination.labels` };
      const { namespace, selector } = workload;
      // Cilium takes a selector that names no cluster for its own.
      const cluster = workload.cluster === subject.cluster ? "" : workload.cluster;
      return { peer: { kind: "endpoints", cluster, namespace, selector } };
    }
  }
}

function worldPeer({ address, names }: WorldEnd, direction: Direction): Found {
  const written = direction === "egress" ? names.filter(isName) : [];
  const addresses = isIP(address) ? [address] : [];
  if (written.length > 0) return { peer: { kind: "names", names: [...written].sort(), addresses } };
  if (addresses.length > 0) return { peer: { kind: "addresses", addresses } };
  return { peer: { kind: "entity", entity: "world" }, note: "no address was seen, so this is all of the world" };
}

/** Peers that are the same have the same key, and keys sort pods before entities before the world. */
export function peerKey(peer: Peer): string {
  switch (peer.kind) {
    case "endpoints":
      return JSON.stringify([1, peer.cluster, peer.namespace, ...peer.selector]);
    case "entity":
      return JSON.stringify([2, peer.entity]);
    case "names":
      return JSON.stringify([3, ...peer.names]);
    case "addresses":
      return JSON.stringify([4, ...peer.addresses]);
  }
}
