#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { register as registerDashboard } from "./commands/dashboard.js";
import { packageFile } from "./package-file.js";

const { version, description } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
  version: string;
  description: string;
};

const program = new Command("hubble-adx").description(description).version(version).showHelpAfterError();

registerDashboard(program);

await program.parseAsync();
