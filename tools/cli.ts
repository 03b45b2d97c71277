#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import * as explain from "./commands/explain.js";
import * as exporter from "./commands/exporter.js";
import { packageFile } from "./package-file.js";

const { version, description } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
  version: string;
  description: string;
};

const program = new Command("hubble-adx").description(description).version(version).showHelpAfterError();

for (const command of [exporter, explain]) command.register(program);

await program.parseAsync();
