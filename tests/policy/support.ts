import { composePolicies, type Scope } from "../../tools/policy/compose.js";
import { Exchanges } from "../../tools/policy/exchange.js";
import type { Policy } from "../../tools/policy/model.js";
import { renderPolicies, type PolicyFormat } from "../../tools/policy/render.js";
import type { RuleOptions } from "../../tools/policy/rules.js";
import { sightingOf, type Sighting } from "../../tools/policy/sighting.js";
import type { Row } from "./cluster.js";

/** What a test asks for; all of it has a default. */
export type Asked = Partial<Scope & RuleOptions> & { cluster?: string };

/** All namespaces, kube-system too. */
export const everywhere = ["shop", "data", "kube-system"];

export function gathered(rows: readonly Row[], cluster?: string): Exchanges {
  const exchanges = new Exchanges(cluster);
  for (const row of rows) exchanges.add(sightingOf(row));
  return exchanges;
}

/** The policies of rows. */
export function policiesOf(rows: readonly Row[], asked: Asked = {}): Policy[] {
  const { cluster, allowDenied = false, l7 = false, ...scope } = asked;
  const all: Scope = { namespaces: [], workloads: [], directions: ["ingress", "egress"], ...scope };
  return composePolicies(gathered(rows, cluster), all, { allowDenied, l7 }).policies;
}

/** The policies of rows, as YAML documents. */
export function documents(rows: readonly Row[], asked: Asked = {}, format: PolicyFormat = "cilium"): string[] {
  return policiesOf(rows, asked).map((policy) => renderPolicies([policy], format));
}

/** The requests among rows of which nothing is unsure. */
export function requestsOf(rows: readonly Row[]): Sighting[] {
  return rows.map(sightingOf).filter((one): one is Sighting => typeof one !== "string" && one.unsureOf === undefined);
}
