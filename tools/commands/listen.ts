import { Option } from "commander";
import type { Command } from "commander";

/** Adds an option whose values are taken one by one, in the order of the command line. */
export function listen(
  command: Command,
  flags: string,
  description: string,
  take: (value: string) => void,
  hidden = false,
): void {
  const option = new Option(flags, description).hideHelp(hidden);
  command.addOption(option);
  command.on(`option:${option.name()}`, take);
}
