import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { noLines } from "../flatten/flatten-log.js";
import { noFlowsHint, summaryLine } from "../flatten/summary.js";
import { logProgress } from "../flatten/progress.js";
import { FilterHost, readFilterModule } from "../host.js";
import { standardInput } from "../logs/open-log.js";
import type { Composed } from "../policy/compose.js";
import type { Exchanges } from "../policy/exchange.js";
import type { Direction } from "../policy/sighting.js";
import { UserError } from "../user-error.js";

interface PolicyOptions {
  namespace: string[];
  workload: string[];
  cluster?: string;
  direction?: Direction;
  kubernetes?: true;
  l7?: true;
  allowDenied?: true;
  rows?: true;
  check?: string[];
  quiet?: true;
}

const several = (value: string, before: string[]) => [...before, value];

/** Registers `hubble-adx policy`. */
export function register(program: Command): void {
  program
    .command("policy")
    .summary("write network policies out of observed flows, or check policies against them")
    .description(
      "Writes CiliumNetworkPolicies that let pass what was seen and nothing else: requests, never replies; what was " +
        "denied is left out and listed. Or says which of the observed flows given policies would deny.",
    )
    .argument("[log...]", `log files; "${standardInput}", or none, is standard input`)
    .option(
      "-n, --namespace <name>",
      "only for this namespace; can be repeated (default: all but kube-system)",
      several,
      [],
    )
    .option("-w, --workload <name>", "only for this workload, name or namespace/name; can be repeated", several, [])
    .option("--cluster <name>", "only for this cluster, where the flows are of several")
    .addOption(new Option("--direction <direction>", "only rules of this direction").choices(["ingress", "egress"]))
    .option("--kubernetes", "write Kubernetes NetworkPolicies, and say what they cannot")
    .option("--l7", "restrict HTTP and DNS to what was asked for, where it was seen")
    .option("--allow-denied", "allow what was denied for want of a rule; never what a deny rule forbids")
    .option("--rows", "the input is rows: flatten's JSON, or HubbleFlows or HubbleEdges out of Azure Data Explorer")
    .option(
      "--check <file...>",
      "say which observed flows the policies of these files would deny; put -- or an option before the logs",
    )
    .option("-q, --quiet", "no summary and no progress bar on standard error")
    .addHelpText("after", moreHelp)
    .action(policy);
}

const moreHelp = `
Examples:
  $ hubble-adx policy --namespace shop cilium-agent.log > shop.yaml
  $ kubectl logs -n kube-system ds/cilium -c cilium-agent | npx hubble-adx policy --workload shop/cart
  $ hubble-adx policy --rows --l7 edges.json
  $ hubble-adx policy --check shop.yaml -- cilium-agent.log

Exit codes:
  0  the policies are written; with --check, none of the flows would be denied
  1  a log could not be read, there is nothing to write a policy for, or --check found flows that would be denied
  2  the command line is wrong`;

async function policy(files: string[], options: PolicyOptions): Promise<void> {
  const paths = files.length > 0 ? files : [standardInput];
  if (options.kubernetes && options.l7) {
    throw new UserError("--l7 and --kubernetes: a NetworkPolicy knows ports, and nothing of what goes through them");
  }
  if (options.check) await check(paths, options.check, options);
  else await write(await gather(paths, options), options);
}

async function check(paths: string[], files: readonly string[], options: PolicyOptions): Promise<void> {
  const { checkExchanges } = await import("../policy/check/check.js");
  const { readPolicies } = await import("../policy/check/read.js");
  const { reportOf } = await import("../policy/check/report.js");
  // A mistake in a policy is told before a long log is read.
  const policies = files.flatMap((file) => readPolicies(file, readFile(file)));
  const gathered = await gather(paths, options);
  const { lines, isDenied } = reportOf(checkExchanges(policies, gathered.settle()));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (isDenied) process.exitCode = 1;
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads all logs, or rows, with a progress bar and a summary on standard error. */
async function gather(paths: string[], { rows, quiet, cluster }: PolicyOptions): Promise<Exchanges> {
  const { Exchanges } = await import("../policy/exchange.js");
  const { readFlows, readObservedRows } = await import("../policy/read.js");
  const { sightingOf } = await import("../policy/sighting.js");
  const gathered = new Exchanges(cluster);
  const counts = noLines();
  const progress = await logProgress(paths, quiet);
  const host = rows ? undefined : new FilterHost(readFilterModule(), { functionName: "hubble_flows" });
  try {
    for (const path of paths) {
      const source = { path, onBytes: (count: number) => progress.advance(count) };
      const observed = host ? readFlows(source, host, counts) : readObservedRows(source);
      for await (const row of observed) gathered.add(sightingOf(row));
    }
  } finally {
    progress.stop();
  }
  if (!quiet && !rows) {
    const hint = noFlowsHint(counts);
    process.stderr.write(`${summaryLine(counts)}\n${hint ? `${hint}\n` : ""}`);
  }
  return gathered;
}

async function write(gathered: Exchanges, options: PolicyOptions): Promise<void> {
  const { composePolicies } = await import("../policy/compose.js");
  const { renderPolicies } = await import("../policy/render.js");
  const { isSelectable } = await import("../policy/kubernetes.js");
  const scope = {
    namespaces: options.namespace,
    workloads: options.workload,
    directions: options.direction ? [options.direction] : (["ingress", "egress"] as const),
  };
  const choice = { allowDenied: options.allowDenied === true, l7: options.l7 === true };
  const composed = composePolicies(gathered, scope, choice);
  const policies = options.kubernetes ? composed.policies.filter(isSelectable) : composed.policies;
  process.stdout.write(renderPolicies(policies, options.kubernetes ? "kubernetes" : "cilium"));
  if (options.quiet) return;
  const unsayable = composed.policies
    .filter((one) => !policies.includes(one))
    .map(({ namespace, workload }) => `${namespace}/${workload}`);
  await report(gathered, { ...composed, policies }, unsayable);
}

async function report(gathered: Exchanges, composed: Composed, unsayable: readonly string[]): Promise<void> {
  const { summaryOf } = await import("../policy/summary.js");
  for (const line of summaryOf(gathered, composed, unsayable)) process.stderr.write(`${line}\n`);
}
