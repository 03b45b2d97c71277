import { BlockList, isIPv6 } from "node:net";
import { meets, type Requirement } from "./labels.js";
import type { Party } from "./party.js";

/** Whether something matches; `unknown` where flows do not tell, or the rule is of a kind that is not evaluated. */
export type Match = "yes" | "no" | "unknown";

/** Whom a rule is about, given the other end and the pod that the policy is for. */
export type PeerMatcher = (peer: Party, subject: Party) => Match;

export const either = (...matches: readonly Match[]): Match =>
  matches.includes("yes") ? "yes" : matches.includes("unknown") ? "unknown" : "no";

export const both = (a: Match, b: Match): Match =>
  a === "no" || b === "no" ? "no" : a === "unknown" || b === "unknown" ? "unknown" : "yes";

const when = (isSo: boolean): Match => (isSo ? "yes" : "no");

const reserved = (name: string) => (party: Party) =>
  party.labels.some(({ source, key }) => source === "reserved" && key === name);

const ofCluster = ["host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver"];
const worlds = ["world", "world-ipv4", "world-ipv6"];

/** The peers of an entity, by the labels that Cilium selects it by (pkg/policy/api/entity.go of 1.20.2). */
export function entityMatcher(entity: string): PeerMatcher | undefined {
  switch (entity) {
    case "all":
      return () => "yes";
    case "none":
      return () => "no";
    case "world":
      return (peer) => when(worlds.some((name) => reserved(name)(peer)));
    case "world-ipv4":
    case "world-ipv6":
      return (peer) => {
        if (reserved(entity)(peer)) return "yes";
        // Of a cluster with one family of addresses, all labels say world.
        return reserved("world")(peer) ? when(isIPv6(peer.address) === (entity === "world-ipv6")) : "no";
      };
    case "cluster":
      return (peer, subject) =>
        when(ofCluster.some((name) => reserved(name)(peer)) || (peer.isPod && peer.cluster === subject.cluster));
    default:
      return ofCluster.includes(entity) ? (peer) => when(reserved(entity)(peer)) : undefined;
  }
}

/** Peers by labels, of the subject's cluster where the selector names none. */
export function labelMatcher(requirements: readonly Requirement[]): PeerMatcher {
  const clusterKey = "io.cilium.k8s.policy.cluster";
  const isOfReserved = requirements.some(({ source }) => source === "reserved");
  const namesCluster = requirements.some(({ key }) => key === clusterKey);
  return (peer, subject) => {
    if (!meets(peer.labels, requirements)) return "no";
    return when(
      isOfReserved || namesCluster || peer.cluster === "" || subject.cluster === "" || peer.cluster === subject.cluster,
    );
  };
}

/**
 * Peers by address, but for some.
 * @throws RangeError where a block is none.
 */
export function cidrMatcher(block: string, exceptions: readonly string[] = []): PeerMatcher {
  const all = blockList(block);
  const but = exceptions.map(blockList);
  return (peer) => {
    if (!peer.isOutside) return "no";
    if (peer.address === "") return /^(0\.0\.0\.0|::)\/0$/.test(block) ? "yes" : "unknown";
    const family = isIPv6(peer.address) ? "ipv6" : "ipv4";
    return when(all.check(peer.address, family) && !but.some((list) => list.check(peer.address, family)));
  };
}

function blockList(block: string): BlockList {
  const [address = "", bits] = block.split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const list = new BlockList();
  try {
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : -1, family);
  } catch (error) {
    throw new RangeError(`${block} is no block of addresses`, { cause: error });
  }
  return list;
}

/** Peers by a name that was seen for their address. */
export function nameMatcher(selector: { matchName?: string; matchPattern?: string }): PeerMatcher {
  const matches = nameTest(selector);
  return (peer) => {
    if (!peer.isOutside) return "no";
    if (peer.names.length === 0) return "unknown";
    return when(peer.names.some(matches));
  };
}

/** Whether a DNS name, without the dot at its end, matches (pkg/fqdn/matchpattern of 1.20.2). */
export function nameTest({
  matchName,
  matchPattern = "",
}: {
  matchName?: string;
  matchPattern?: string;
}): (name: string) => boolean {
  if (matchName !== undefined) {
    const wanted = plain(matchName);
    return (name) => plain(name) === wanted;
  }
  if (/^\*+\.?$/.test(matchPattern)) return (name) => /^([-a-z0-9_]+\.)*[-a-z0-9_]*$/.test(plain(name));
  const [, levels, rest = ""] = /^(\*{2,}\.)?(.*)$/.exec(plain(matchPattern))!;
  const parts = rest.split(/(\*+|\.)/).map((part) => {
    if (part.startsWith("*")) return "[-a-z0-9_]*";
    return part.replace(/[^-a-z0-9_]/g, "\\$&");
  });
  const test = new RegExp(`^${levels === undefined ? "" : "([-a-z0-9_]+[.])+"}${parts.join("")}$`);
  return (name) => test.test(plain(name));
}

const plain = (name: string) => name.toLowerCase().replace(/\.+$/, "");
