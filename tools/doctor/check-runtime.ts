import type { Finding } from "../findings/finding.js";
import type { FluentBitFile } from "./find-configurations.js";

/**
 * Checks the Fluent Bit that runs and its container's environment.
 * @param version as given on the command line, before that of an image in the file.
 */
export function checkRuntime(
  { versions, environment, configurations }: FluentBitFile,
  file: string,
  version?: string,
): Finding[] {
  const findings: Finding[] = [];
  const say = (line: number, message: string, remedy: string) =>
    findings.push({ severity: "warning", file, line, message, remedy });
  const running = version !== undefined ? [{ value: version, line: 1 }] : versions;
  for (const { value, line } of running) {
    // Its git history: 97ba3fd0d took the second free out again in 4.0.2.
    if (value === "4.0.1") {
      const message =
        "Fluent Bit 4.0.1 frees memory twice when azure_kusto has got its identity token, and can crash (fluent-bit #10257)";
      say(line, message, "take 4.0.3 or newer");
    }
    const levels = configurations.flatMap(({ sections }) =>
      sections
        .filter(({ kind }) => kind === "service")
        .map(({ properties }) => properties.get("log_level")?.value ?? ""),
    );
    // a6b8d8564, in 4.0.3.
    if (value === "4.0.2" && levels.some((level) => ["debug", "trace"].includes(level.toLowerCase()))) {
      const message = "azure_kusto of Fluent Bit 4.0.2 can crash at log_level debug and trace";
      say(line, message, "take 4.0.3 or newer");
    }
  }
  // Of the variables, Fluent Bit takes HTTP_PROXY and NO_PROXY, in this case only (src/flb_config.c of 5.1.1).
  const proxy = environment.find(({ name, value }) => name === "HTTP_PROXY" && value !== "");
  const exceptions = environment.find(({ name }) => name === "NO_PROXY")?.value ?? "";
  const ignored = configurations.some(({ sections }) =>
    sections.some(({ plugin, properties }) => plugin === "azure_kusto" && properties.has("net.proxy_env_ignore")),
  );
  if (proxy && !ignored && exceptions !== "*" && !/kusto/.test(exceptions)) {
    say(
      proxy.line,
      "with HTTP_PROXY set azure_kusto speaks to Azure through the proxy, where it is reported to hang (fluent-bit #9484; not tried)",
      "name the cluster's and its storage accounts' hosts in NO_PROXY, or write net.proxy_env_ignore on in the output",
    );
  }
  return findings;
}
