import type { TableOptions } from "./table.js";

/** How a table is printed where standard output leads. */
export function terminalOptions(): TableOptions {
  return { width: terminalWidth(), color: hasColors() };
}

/** The width of the terminal that standard output is; elsewhere what COLUMNS says, if it says something. */
function terminalWidth(): number | undefined {
  if (process.stdout.isTTY) return process.stdout.columns;
  const width = Number(process.env.COLUMNS);
  return Number.isInteger(width) && width > 0 ? width : undefined;
}

/** NO_COLOR, FORCE_COLOR and the terminal's own abilities are Node's to judge. */
function hasColors(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}
