import type { Finding } from "../findings/finding.js";
import { sortFindings } from "../findings/finding.js";
import { checkInput, checkInputsTogether } from "./check-input.js";
import { checkOutput } from "./check-output.js";
import { checkRuntime } from "./check-runtime.js";
import { checkFilter, checkWhatComesBefore } from "./check-filter.js";
import { findConfigurations } from "./find-configurations.js";
import { Pipeline } from "./pipeline.js";
import type { FluentBitConfiguration } from "./read-fluent-bit.js";

/**
 * Says what in a Fluent Bit configuration would keep Hubble flows from arriving in Azure Data Explorer whole, or bring
 * them twice.
 * @param text the configuration, YAML or classic by the file's name, or what holds one: a ConfigMap, Helm values,
 *   objects of the Fluent Operator.
 * @param readModule reads the file that wasm_path names, where it is on this machine.
 * @param version of the Fluent Bit that runs, as `5.1.1`; without it, that of an image in the file.
 * @throws UserError where the file is binary.
 */
export function checkFluentBit(
  text: string,
  file: string,
  readModule: (path: string) => Uint8Array | undefined = () => undefined,
  version?: string,
): Finding[] {
  const found = findConfigurations(text, file);
  if (found.findings.length > 0) return found.findings;
  const findings = found.configurations.flatMap((one) => checkConfiguration(one, file, readModule));
  const hasSections = found.configurations.some(({ sections, includes }) => sections.length + includes.length > 0);
  if (!hasSections && findings.length === 0) {
    findings.push({
      severity: "error",
      file,
      line: 1,
      message: "there is no Fluent Bit configuration in this file: neither pipeline nor [INPUT], [FILTER], [OUTPUT]",
      remedy:
        "name the file that Fluent Bit is started with, its ConfigMap, its Helm values with config, or the Fluent Operator's objects",
    });
  }
  return sortFindings([...findings, ...checkRuntime(found, file, version)]);
}

function checkConfiguration(
  configuration: FluentBitConfiguration,
  file: string,
  readModule: (path: string) => Uint8Array | undefined,
): Finding[] {
  // What YAML that does not parse lacks is not known.
  if (configuration.findings.length > 0) return configuration.findings;
  const pipeline = new Pipeline(configuration, file);
  const { includes, sections } = configuration;
  if (sections.length + includes.length === 0) return [];
  const hasIncludes = includes.length > 0;
  for (const { value, line } of includes) {
    pipeline.say("note", line, `${value} is included and not looked at here`, "check it by itself");
  }
  const filters = pipeline.sections("filter", "wasm");
  if (filters.length === 0 && !hasIncludes) {
    const remedy = "add the filter: name wasm, wasm_path, function_name hubble_flows";
    pipeline.say("error", configuration.line, "there is no wasm filter", remedy);
  }
  for (const filter of filters) checkFilter(pipeline, filter, readModule);
  const [trial] = pipeline.sections("output");
  if (trial && !hasIncludes && pipeline.sections("output").every(({ plugin }) => plugin === "stdout")) {
    const message = "rows go to stdout only: a trial, and not looked at for what would lose flows on their way";
    pipeline.say("note", trial.line, message, "add an azure_kusto output to send them");
    return pipeline.findings;
  }
  const inputs = pipeline.sections("input", "tail");
  const takesFlows = inputs.filter((input) => pipeline.flowFiles(input).length > 0);
  const readsFlows = takesFlows.filter((input) => pipeline.excludesFlows(input).length === 0);
  // An input that leaves the flows out is to blame only where no other reads them.
  const flowInputs = readsFlows.length > 0 ? readsFlows : takesFlows;
  if (inputs.length > 0 && flowInputs.length === 0 && !hasIncludes) {
    pipeline.say(
      "error",
      inputs[0]!.line,
      "no tail input reads the log of Cilium's agent, nor a file of Hubble's exporter",
      "add one with path /var/log/containers/cilium-*_kube-system_cilium-agent-*.log, or /var/log/acns/hubble/events.log on AKS's own Cilium",
    );
  }
  for (const input of flowInputs) checkInput(pipeline, input, filters);
  checkInputsTogether(pipeline, readsFlows, filters);
  for (const input of inputs) checkWhatComesBefore(pipeline, input, filters, flowInputs.includes(input));
  const outputs = pipeline.sections("output", "azure_kusto");
  if (outputs.length === 0 && !hasIncludes) {
    pipeline.say("error", configuration.line, "there is no azure_kusto output", "add it");
  }
  const reached = outputs.filter((output) => flowInputs.some((input) => pipeline.reaches(input, output)));
  for (const output of reached.length > 0 ? reached : outputs) checkOutput(pipeline, output);
  if (outputs.length > 0 && flowInputs.length > 0 && reached.length === 0) {
    const message = "no azure_kusto output matches the tag of the input with the flows";
    pipeline.say("error", outputs[0]!.line, message, "let match and tag agree");
  }
  return pipeline.findings;
}
