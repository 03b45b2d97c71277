import { Option } from "commander";
import type { Command } from "commander";
import { accepted } from "../flow-filter/accepted.js";
import type { Version } from "../flow-filter/accepted.js";
import { formatFinding } from "../findings/finding.js";
import { UserError } from "../user-error.js";
import { nodesArgument, readText } from "./arguments.js";

interface Options {
  cilium?: Version;
  try?: string[];
  nodes?: number;
}

/** Registers `hubble-adx explain`. */
export function register(program: Command): void {
  const command = program
    .command("explain")
    .summary("say what a flow log configuration exports, and what in it will not work")
    .description(
      "Say in plain words what a Hubble exporter configuration exports, and what in it will not work: a ConfigMap with " +
        "flow logs, the agent's cilium-config, Helm values, a bare list of flow logs, or a ContainerNetworkLog of AKS.",
    )
    .argument("<file...>", 'files to read; "-" for standard input')
    .addOption(
      new Option("--cilium <version>", "the Cilium version to check for (default: the oldest that could work)").choices(
        accepted.versions,
      ),
    )
    .option(
      "--try <log...>",
      'try it on logs of flows: what passes, what does not and why, how much it is; "-" for standard input',
    )
    .option("--nodes <count>", "with --try: for so many nodes (default: those of the log)", nodesArgument)
    .addHelpText(
      "after",
      `
Errors end with exit code 1; warnings and notes do not.

Examples:
  $ hubble-adx explain flowlogs.yaml
  $ kubectl -n kube-system get configmap cilium-flowlog-config -o yaml | hubble-adx explain --cilium 1.17 -
  $ hubble-adx explain flowlogs.yaml --try cilium-agent.log --nodes 50`,
    );
  command.action(async (files: string[], options: Options) => {
    if (options.try?.includes("-") && (files.length > 1 || files.includes("-"))) {
      throw new UserError("standard input is read once: give one file, and the logs by name or on standard input");
    }
    for (const file of files) await explainFile(file, options);
  });
}

async function explainFile(file: string, { cilium, try: logs, nodes }: Options): Promise<void> {
  const { explainAcns } = await import("../acns/explain.js");
  const { explain } = await import("../exporter/explain.js");
  const content = readText(file);
  const name = file === "-" ? "standard input" : file;
  const acns = explainAcns(content, name);
  const { text, needs, flowLogs, findings } = acns
    ? { ...acns, needs: "", flowLogs: [] }
    : explain(content, name, { version: cilium });
  if (text !== "") process.stdout.write(`${text}\n\n`);
  if (flowLogs.length > 0) process.stdout.write(`Understood by Cilium ${needs} and later.\n`);
  for (const finding of findings) process.stdout.write(`\n${formatFinding(finding)}\n`);
  const hasErrors = findings.some(({ severity }) => severity === "error");
  if (hasErrors) process.exitCode = 1;
  if (!logs) return;
  if (acns || flowLogs.length === 0 || hasErrors) {
    throw new UserError(
      acns
        ? `${name}: the filters of a ContainerNetworkLog are applied by AKS, not by Cilium: they cannot be tried`
        : `${name}: not tried, for ${hasErrors ? "its errors: mend them first" : "there is no flow log in it"}`,
    );
  }
  const { tryLogs } = await import("../exporter/try-log.js");
  const { describeTried } = await import("../exporter/try-text.js");
  process.stdout.write(`\n${describeTried(await tryLogs(flowLogs, logs), nodes)}\n`);
}
