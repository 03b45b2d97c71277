import { kqlHeading } from "../text/kql.js";

/**
 * Commands of several files as one `.execute database script`, for the web UI and other clients that run one command
 * at a time. It has no blank lines, because the web UI ends a command at the first one.
 */
export function databaseScript(about: string[], files: Record<string, string>): string {
  const names = Object.keys(files).map((path) => path.replace(/^adx\//, ""));
  const commands = Object.values(files)
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.trim() !== "" && !line.startsWith("// Generated from "));
  return [
    `.execute database script with (ThrowOnErrors = true) <|`,
    kqlHeading(`${names.join(", ")}`, about),
    ...commands,
  ]
    .join("\n")
    .concat("\n");
}
