import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { formatFinding, type Finding } from "../findings/finding.js";
import { UserError } from "../user-error.js";

interface Options {
  fluentBit?: string;
  flowLogs?: string;
  table?: string;
}

/** Registers `hubble-adx doctor`. */
export function register(program: Command): void {
  program
    .command("doctor")
    .summary("say what in your configuration keeps flows from arriving")
    .description(
      "Read a Fluent Bit configuration (YAML or classic), and if you like the flow log configuration and the table's " +
        "schema, and say what in them would lose or double flows, or lose columns. It looks at these files, and at the " +
        "module where wasm_path leads to it on this machine; at nothing that runs.",
    )
    .argument(
      "<fluent-bit-config>",
      "the file that Fluent Bit is started with, or its ConfigMap, Helm values or Fluent Operator objects",
    )
    .option("--fluent-bit <version>", "the Fluent Bit that runs, for what is wrong with that version only")
    .option("--flow-logs <file>", "the ConfigMap or Helm values with Cilium's flow logs")
    .option("--table <file>", "what `.show table HubbleFlows cslschema` gives")
    .addHelpText(
      "after",
      `
Errors and warnings end with exit code 1.

Examples:
  $ hubble-adx doctor fluent-bit.yaml --flow-logs flowlogs.yaml
  $ kubectl -n logging get configmap fluent-bit -o yaml > configmap.yaml
  $ hubble-adx doctor configmap.yaml`,
    )
    .action(async (file: string, { fluentBit, flowLogs, table }: Options) => {
      // Not before they are needed: they read what is shipped.
      const { checkFluentBit } = await import("../doctor/check.js");
      const { checkTable } = await import("../doctor/check-table.js");
      const findings: Finding[] = checkFluentBit(read(file), file, readIfThere, fluentBit);
      const { explain } = await import("../exporter/explain.js");
      if (flowLogs !== undefined) findings.push(...explain(read(flowLogs), flowLogs).findings);
      if (table !== undefined) findings.push(...checkTable(read(table), table));
      const looked = [file, flowLogs, table].filter((name) => name !== undefined).join(", ");
      const severe = findings.filter(({ severity }) => severity !== "note");
      for (const finding of findings) process.stdout.write(`${formatFinding(finding)}\n\n`);
      process.stdout.write(severe.length === 0 ? `${looked}: nothing found that would lose flows.\n` : "");
      if (severe.length > 0) process.exitCode = 1;
    });
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
