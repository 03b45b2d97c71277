#!/usr/bin/env node
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

// A reader that has seen enough, as `head` has, ends the command quietly; standard input may still be open.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A log that fails while it is written out is reported below.
  if (error.syscall !== "write") return;
  if (error.code === "EPIPE") process.exit();
  console.error(`hubble-adx: cannot write the output: ${error.message}`);
  process.exit(1);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** 0 after --help and --version, 2 for a wrong command line (commander has said what is wrong), 1 for the rest. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(isExpected(error) ? `hubble-adx: ${error.message}` : error);
  return 1;
}

/** What the person at the command line or their machine is the cause of; anything else is shown with its stack. */
function isExpected(error: unknown): error is Error {
  return error instanceof UserError || (error instanceof Error && "syscall" in error);
}
