import { readFileSync } from "node:fs";
import { Option } from "commander";
import type { Command } from "commander";
import { accepted } from "../exporter/accepted.js";
import type { Version } from "../exporter/accepted.js";
import { formatFinding } from "../exporter/finding.js";
import { UserError } from "../user-error.js";

interface Options {
  cilium?: Version;
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
    .addHelpText(
      "after",
      `
Errors end with exit code 1; warnings and notes do not.

Examples:
  $ hubble-adx explain flowlogs.yaml
  $ kubectl -n kube-system get configmap cilium-flowlog-config -o yaml | hubble-adx explain --cilium 1.17 -`,
    );
  command.action(async (files: string[], options: Options) => {
    for (const file of files) await explainFile(file, options);
  });
}

async function explainFile(file: string, { cilium }: Options): Promise<void> {
  const { explainAcns } = await import("../acns/explain.js");
  const { explain } = await import("../exporter/explain.js");
  const content = read(file);
  const name = file === "-" ? "standard input" : file;
  const acns = explainAcns(content, name);
  const { text, needs, flowLogs, findings } = acns
    ? { ...acns, needs: "", flowLogs: [] }
    : explain(content, name, { version: cilium });
  if (text !== "") process.stdout.write(`${text}\n\n`);
  if (flowLogs.length > 0) process.stdout.write(`Understood by Cilium ${needs} and later.\n`);
  for (const finding of findings) process.stdout.write(`\n${formatFinding(finding)}\n`);
  if (findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
}

function read(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
