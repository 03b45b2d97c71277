import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { End } from "../../tools/policy/end.js";
import type { Service } from "../../tools/policy/sighting.js";

/** A flow as Cilium's engine takes it: the labels of both ends, `address:` for what has only an address. */
export interface JudgedFlow {
  from: string[];
  to: string[];
  protocol: string;
  port: number;
}

export interface Judgement {
  /** Why a policy is refused, "" where it is taken. */
  refused: string[];
  flows: { egress: string; ingress: string }[];
}

const module = fileURLToPath(new URL("../cilium/verdict/", import.meta.url));

export const hasGo = spawnSync("go", ["version"]).status === 0;

/** Builds the program that runs Cilium's own policy engine; the first time takes minutes. */
export function buildJudge(): string {
  const program = join(mkdtempSync(join(tmpdir(), "hubble-adx-")), "judge");
  const ran = spawnSync("go", ["build", "-o", program, "./policy"], { cwd: module, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`the Go program does not build: ${ran.stderr}`);
  return program;
}

/** What Cilium's parser and engine make of policies and flows. */
export function judge(program: string, cluster: string, policies: string[], flows: JudgedFlow[]): Judgement {
  const input = JSON.stringify({ cluster, policies, flows });
  const ran = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(`the Go program failed: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Judgement;
}

const protocols: Record<string, string> = { ICMPv4: "icmp", ICMPv6: "icmpv6" };

/** The requests with all names that any of them tells of an address: Cilium keeps one memory of them for a node. */
export function withNames<T extends { destination: End }>(requests: readonly T[]): T[] {
  const names = new Map<string, string[]>();
  for (const { destination } of requests) {
    names.set(destination.address, [...(names.get(destination.address) ?? []), ...destination.names]);
  }
  return requests.map((request) => {
    const { destination } = request;
    return { ...request, destination: { ...destination, names: [...new Set(names.get(destination.address))] } };
  });
}

/** A request for the engine; undefined where it has no labels to judge by, or neither port nor type. */
export function judgedFlow(request: { source: End; destination: End; service: Service }): JudgedFlow | undefined {
  const [from, to] = [labelsOf(request.source), labelsOf(request.destination)];
  const { protocol, port, icmpType } = request.service;
  const number = port ?? icmpType ?? 0;
  if (from.length === 0 || to.length === 0 || number === 0) return undefined;
  return { from, to, protocol: protocols[protocol] ?? protocol.toLowerCase(), port: number };
}

/** Cilium gives an address the labels of all blocks around it, and those of the policies' names that it was found by. */
function labelsOf(end: End): string[] {
  if (end.kind === "world" && end.address !== "")
    return [`address:${end.address}`, ...end.names.map((name) => `fqdn:${name}`)];
  if (end.kind === "entity" && end.rawLabels.length === 0) return [`reserved:${end.entity}`];
  return [...end.rawLabels];
}
