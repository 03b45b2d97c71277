#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";

// A reader that has seen enough, as `head` has, ends the command quietly; standard input may still be open.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A log that fails while it is written out is reported by the command.
  if (error.syscall !== "write") return;
  if (error.code === "EPIPE") process.exit();
  console.error(`hubble-adx: cannot write the output: ${error.message}`);
  process.exit(1);
});

await runCommandLine();
