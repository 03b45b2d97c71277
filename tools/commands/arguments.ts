import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { UserError } from "../user-error.js";

/**
 * A number of nodes.
 * @throws InvalidArgumentError for what is none.
 */
export function nodesArgument(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("give a whole number from 1 on");
  return Number(text);
}

/**
 * The text of a file, or of standard input for `-`.
 * @throws UserError where it cannot be read.
 */
export function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
