import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { register as registerDashboard } from "./commands/dashboard.js";
import { register as registerDoctor } from "./commands/doctor.js";
import { register as registerExplain } from "./commands/explain.js";
import { register as registerExporter } from "./commands/exporter.js";
import { register as registerFlatten } from "./commands/flatten.js";
import { register as registerPolicy } from "./commands/policy.js";
import { register as registerQuery } from "./commands/query.js";
import { register as registerReport } from "./commands/report.js";
import { register as registerServe } from "./commands/serve.js";
import { packageFile } from "./package-file.js";
import { UserError } from "./user-error.js";

/**
 * Runs the command that `process.argv` names, on the process's standard streams. `process.exitCode` tells how it went: 0
 * after --help and --version too, 2 for a wrong command line (commander has said what is wrong), 1 for the rest.
 */
export async function runCommandLine(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function program(): Command {
  const { version, description } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
    version: string;
    description: string;
  };
  const program = new Command("hubble-adx")
    .description(description)
    .version(version)
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride();
  registerFlatten(program);
  registerQuery(program);
  registerReport(program);
  registerServe(program);
  registerDashboard(program);
  registerPolicy(program);
  registerExporter(program);
  registerExplain(program);
  registerDoctor(program);
  return program;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(isExpected(error) ? `hubble-adx: ${error.message}` : error);
  return 1;
}

/** What the person at the command line or their machine is the cause of; anything else is shown with its stack. */
function isExpected(error: unknown): error is Error {
  return error instanceof UserError || (error instanceof Error && "syscall" in error);
}
