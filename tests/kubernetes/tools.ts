import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../tools/package-file.js";

/**
 * Finds a program: the environment variable of its name in capitals, `build/kubernetes-tools`, or PATH.
 * @returns undefined when there is none.
 */
export function findProgram(name: "kubectl" | "helm"): string | undefined {
  const installed = fileURLToPath(packageFile(`build/kubernetes-tools/${name}/${name}`));
  const candidates = [process.env[name.toUpperCase()], existsSync(installed) ? installed : undefined, name];
  return candidates.find(
    (candidate) => candidate !== undefined && !spawnSync(candidate, ["version", "--client"]).error,
  );
}

/** Runs a program and gives its standard output; throws its standard error when it fails. */
export function run(program: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 64 << 20 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
  return stdout;
}
