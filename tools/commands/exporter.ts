import { Option } from "commander";
import type { Command } from "commander";
import { accepted } from "../flow-filter/accepted.js";
import type { Version } from "../flow-filter/accepted.js";
import { endpointWords, flowWords } from "../exporter/build.js";
import type { Condition, FlowLogWords } from "../exporter/build.js";
import { formatFinding } from "../findings/finding.js";
import { formats } from "../exporter/render.js";
import type { Format } from "../exporter/render.js";
import { protocol } from "../flow-filter/protocol.js";
import { readRawFilters } from "../exporter/raw-filters.js";
import { nodesArgument, readText } from "./arguments.js";
import { listen } from "./listen.js";

interface Options {
  format: Format | "acns";
  cilium?: Version;
  compare?: string[];
  nodes?: number;
}

const lower = (names: { name: string }[]) => names.map(({ name }) => name.toLowerCase()).join(", ");

const descriptions: Record<string, string> = {
  namespace: "in this namespace",
  pod: "pods whose name begins so: name, or namespace/name",
  label: "with this label, e.g. k8s:app=shop",
  ip: "address or CIDR",
  fqdn: "DNS name known for the address; * for any letters",
  service: "Kubernetes service: name, or namespace/name",
  workload: "workload: name, or Kind/name",
  identity: "numeric security identity",
  port: "TCP, UDP or SCTP port",
  verdict: lower(protocol.verdicts.slice(1)),
  direction: "ingress, egress",
  "drop-reason": "drops for this reason: POLICY_DENY, POLICY_DENIED, … or its number",
  "event-type": `${protocol.eventTypes.map(({ name }) => name).join(", ")}; with sub type: trace:to_stack`,
  protocol: Object.keys(accepted.protocols).join(", "),
  "http-status": "404, 5+, …",
  "http-method": "GET, POST, …",
  "http-path": "regular expression",
  "dns-query": "regular expression",
  "node-name": "node name pattern, e.g. mycluster/aks-*",
  "ip-version": "ipv4, ipv6",
};

/** Gathers the conditions in the order in which they stand on the command line. */
class Gathered {
  readonly flowLogs: FlowLogWords[] = [];
  #named = false;
  #not = false;

  get current(): FlowLogWords {
    if (this.flowLogs.length === 0) this.#start("hubble-adx");
    return this.flowLogs.at(-1)!;
  }

  name(name: string): void {
    if (!this.#named && this.flowLogs.length > 0) this.current.name = name;
    else this.#start(name);
    this.#named = true;
  }

  not(): void {
    this.#not = true;
  }

  or(): void {
    this.current.include.push([]);
  }

  add(condition: Condition, not = this.#not): void {
    if (not) this.current.exclude.push([condition]);
    else this.current.include.at(-1)!.push(condition);
    this.#not = false;
  }

  #start(name: string): void {
    this.flowLogs.push({ name, include: [[]], exclude: [] });
  }
}

const examples = `
Each --name begins a flow log, and what follows belongs to it. Conditions must all hold; the same option given twice
means either value; an end that is not named is the same one for all of them: --namespace shop --port 443 is port 443
of shop itself, --from-namespace shop --to-port 443 what shop asks of others; --or begins an alternative; --not before a condition excludes flows of which it holds.

Examples:
  # Egress traffic that a deny policy blocked
  $ hubble-adx exporter --name denied-egress --drop-reason POLICY_DENY --direction egress --field-mask lean

  # All drops but those of kube-system, for the next two hours
  $ hubble-adx exporter --verdict dropped --exclude-namespace kube-system --end 2h | kubectl apply -f -

  # What a namespace asks DNS for, and its failed HTTP requests
  $ hubble-adx exporter --namespace shop --protocol dns --or --namespace shop --http-status 5+

  # The same drops on AKS's own Cilium, as a ContainerNetworkLog
  $ hubble-adx exporter --format acns --name drops --verdict dropped

  # The flows that you have found with the Hubble CLI
  $ hubble observe --verdict DROPPED --to-namespace shop --print-raw-filters | hubble-adx exporter --raw-filters -

  # Which preset? On your own log
  $ hubble-adx exporter --compare cilium-agent.log --nodes 50

  # Counts per workload instead of single flows (Cilium 1.19)
  $ hubble-adx exporter --aggregate workloads --aggregation-interval 60s --format helm`;

/** Registers `hubble-adx exporter`. */
export function register(program: Command): void {
  const gathered = new Gathered();
  const command = program
    .command("exporter")
    .summary("write Cilium's flow log configuration from words")
    .description(
      "Write the configuration of Cilium's Hubble exporter from words: which flows to export, and what of them.",
    )
    .addHelpText("after", examples);

  command.optionsGroup("Output:");
  command
    .addOption(new Option("--format <format>", "what to write").choices([...formats, "acns"]).default("configmap"))
    .addOption(
      new Option("--cilium <version>", "the Cilium version it is for (default: works from 1.16 on)").choices(
        accepted.versions,
      ),
    )
    .option("--compare <log...>", "write no configuration, but what each preset of cilium/ would export of these logs")
    .option("--nodes <count>", "with --compare: for so many nodes (default: those of the log)", nodesArgument);

  command.optionsGroup("Flow logs:");
  const setting = (flags: string, description: string, set: (flowLog: FlowLogWords, value: string) => void) =>
    listen(command, flags, description, (value) => set(gathered.current, value));
  listen(command, "--name <name>", "begin a flow log of this name", (value) => gathered.name(value));
  setting("--field-mask <mask>", "full (default), lean, or fields joined by commas", (flowLog, value) => {
    flowLog.fieldMask = value;
  });
  setting(
    "--aggregate <fields>",
    "count flows that agree in these fields: workloads, or fields joined by commas",
    (flowLog, value) => {
      flowLog.aggregate = value;
    },
  );
  setting("--aggregation-interval <duration>", "how long to count, e.g. 30s (default)", (flowLog, value) => {
    flowLog.aggregationInterval = value;
  });
  setting("--file-path <path>", "where the flows go (default: stdout, the agent's log)", (flowLog, value) => {
    flowLog.filePath = value;
  });
  setting("--end <time>", "when to stop: 2030-01-31T18:00:00Z, or 30m, 2h, 7d from now", (flowLog, value) => {
    flowLog.end = value;
  });

  setting(
    "--raw-filters <file>",
    'the filters that hubble observe --print-raw-filters prints; "-" for standard input',
    (flowLog, value) => {
      flowLog.rawFilters = readRawFilters(readText(value), value);
    },
  );

  command.optionsGroup("Conditions on the flow:");
  for (const word of Object.keys(flowWords)) {
    listen(command, `--${word} <value>`, descriptions[word]!, (value) => gathered.add({ word, value }));
  }
  listen(command, "--not", "exclude flows of which the next condition holds", () => gathered.not());
  listen(command, "--or", "begin an alternative", () => gathered.or());

  command.optionsGroup("Conditions on an end of the flow (--from-… its source, --to-… its destination, else either):");
  for (const word of Object.keys(endpointWords)) {
    listen(command, `--${word} <value>`, descriptions[word]!, (value) => gathered.add({ word, value, side: "either" }));
    listen(command, `--from-${word} <value>`, "", (value) => gathered.add({ word, value, side: "source" }), true);
    listen(command, `--to-${word} <value>`, "", (value) => gathered.add({ word, value, side: "destination" }), true);
  }
  listen(command, "--exclude-namespace <namespace>", "the same as --not --namespace", (value) =>
    gathered.add({ word: "namespace", value, side: "either" }, true),
  );

  command.action(async (options: Options) => {
    if (options.compare) {
      await compare(options.compare, options.nodes);
      return;
    }
    void gathered.current;
    if (options.format === "acns") {
      const comment = [`Written by: ${commandLine()}`, "Apply with: kubectl apply -f FILE, on AKS with --enable-acns."];
      const { renderAcns } = await import("../acns/resource.js");
      process.stdout.write(renderAcns(gathered.flowLogs, comment));
      return;
    }
    const { compose } = await import("../exporter/compose.js");
    const { yaml, findings } = compose(gathered.flowLogs, {
      format: options.format,
      version: options.cilium,
      comment: [
        `Written by: ${commandLine()}`,
        `Works with Cilium ${options.cilium ?? "{needs} and later"}.`,
        ...(options.format === "configmap"
          ? ["Apply with: kubectl apply -f FILE; the agents read it within a minute or two."]
          : []),
      ],
    });
    for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
    if (findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
    else process.stdout.write(yaml);
  });
}

async function compare(logs: string[], nodes: number | undefined): Promise<void> {
  const { comparePresets } = await import("../exporter/compare.js");
  const { terminalOptions } = await import("../flatten/terminal.js");
  for await (const text of comparePresets(logs, nodes, terminalOptions())) process.stdout.write(text);
}

function commandLine(): string {
  const quoted = process.argv
    .slice(2)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
  return ["hubble-adx", ...quoted].join(" ");
}
