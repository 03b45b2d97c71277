import { suggestion } from "../findings/words.js";
import { isOn, known } from "./pipeline.js";
import type { Pipeline } from "./pipeline.js";
import type { Section } from "./read-fluent-bit.js";

/** What adx/setup.kql makes. */
export const TABLE = "HubbleFlows";
const MAPPING = "HubbleFlowsMapping";

/** Checks an azure_kusto output that flows reach. */
export function checkOutput(pipeline: Pipeline, output: Section): void {
  const { properties, line } = output;
  const value = (key: string) => properties.get(key)?.value;
  const at = (key: string) => properties.get(key)?.line ?? line;
  if ((value("log_key") ?? "log") !== "log") {
    const message = "the mapping reads $.log.…, so all columns stay empty with another log_key";
    pipeline.say("error", at("log_key"), message, "take log_key out");
  }
  if (!value("ingestion_mapping_reference")) {
    const message = "without ingestion_mapping_reference rows are not mapped to columns";
    pipeline.say("error", line, message, "add ingestion_mapping_reference HubbleFlowsMapping");
  }
  for (const key of ["ingestion_endpoint", "database_name", "table_name"]) {
    if (!value(key)) pipeline.say("error", line, `${key} is missing: Fluent Bit does not start`, `add ${key}`);
  }
  for (const [key, kind, made] of [
    ["table_name", "table", TABLE],
    ["ingestion_mapping_reference", "mapping", MAPPING],
  ] as const) {
    const given = value(key);
    if (!given || given === made || !known(given)) continue;
    const message = `adx/setup.kql makes no ${kind} ${given}: unless you have made it, nothing is ingested`;
    pipeline.say("warning", at(key), message, suggestion(given, [made]));
  }
  const endpoint = value("ingestion_endpoint");
  if (endpoint && known(endpoint) && !endpoint.startsWith("https://ingest-")) {
    const message = `${endpoint} is not the cluster's ingestion URI`;
    const remedy = "write https://ingest-CLUSTER.REGION.kusto.windows.net";
    pipeline.say("error", at("ingestion_endpoint"), message, remedy);
  }
  checkAuthentication(pipeline, output);
  const retries = (value("retry_limit") ?? "1").toLowerCase();
  if (known(retries) && !["no_limits", "false", "off"].includes(retries)) {
    const often =
      retries === "no_retries"
        ? "after the first failure"
        : `after ${retries === "1" ? "the first retry" : `${retries} retries`}`;
    const message = `chunks are thrown away ${often}: an outage loses flows`;
    pipeline.say("warning", at("retry_limit"), message, "write retry_limit no_limits");
  }
  if (isOn(value("buffering_enabled"))) {
    pipeline.say(
      "warning",
      at("buffering_enabled"),
      "with buffering_enabled the output keeps files of its own, and puts one aside after three failures",
      "take it out: storage.type filesystem on the input keeps chunks until they are delivered",
    );
  }
}

function checkAuthentication(pipeline: Pipeline, { properties, line }: Section): void {
  const at = properties.get("auth_type")?.line ?? line;
  const auth = (properties.get("auth_type")?.value ?? "service_principal").toLowerCase();
  const needs: Record<string, string[]> = {
    service_principal: ["tenant_id", "client_id", "client_secret"],
    workload_identity: ["tenant_id", "client_id"],
    managed_identity: ["client_id"],
  };
  if (!needs[auth]) pipeline.say("error", at, `there is no auth_type ${auth}`, suggestion(auth, Object.keys(needs)));
  for (const key of needs[auth] ?? []) {
    if (properties.get(key)?.value) continue;
    pipeline.say("error", line, `auth_type ${auth} needs ${key}: Fluent Bit does not start`, `add ${key}`);
  }
  const logLevel = (pipeline.service("log_level") ?? "info").toLowerCase();
  if (auth === "workload_identity" && ["info", "debug", "trace"].includes(logLevel)) {
    const message = `at log_level ${logLevel} the output writes the pod's federated token into Fluent Bit's log`;
    pipeline.say("warning", at, message, "write log_level warn in the service");
  }
}
