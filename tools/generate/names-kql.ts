import type { NamedNumber, Protocol } from "../protocol.js";
import { createFunction, kqlHeading, kqlString } from "../text/kql.js";

/**
 * The text of `adx/names.kql`: functions that name the numbers of Cilium's flow protocol. A number that the protocol
 * doesn't list comes out as the number, a null as the empty string.
 */
export function namesKql(protocol: Protocol): string {
  return [
    kqlHeading("schema/protocol.yaml", [
      "Names for the numbers in HubbleFlows. A number without a name comes out as it is, a null as the empty string.",
    ]),
    nameFunction("HubbleEventTypeName", "int", "an event type", protocol.eventTypes, ({ label }) => label ?? ""),
    nameFunction("HubbleDropReasonName", "int", "a drop reason", protocol.dropReasons),
    nameFunction(
      "HubbleDropReasonText",
      "int",
      "a drop reason, in words",
      protocol.dropReasons,
      ({ label }) => label ?? "",
    ),
    reasonMeaningFunction(protocol),
    subTypeFunction(protocol),
    nameFunction(
      "HubblePolicyMatchTypeName",
      "int",
      "a policy verdict's match",
      protocol.policyMatchTypes,
      ({ label }) => label ?? "",
    ),
    nameFunction("HubbleDnsResponseCodeName", "int", "a DNS response code", protocol.dnsResponseCodes),
    nameFunction("HubbleReservedIdentityName", "long", "a reserved security identity", protocol.reservedIdentities),
    policyDropFunction(protocol),
  ]
    .join("\n\n")
    .concat("\n");
}

function nameFunction(
  name: string,
  type: "int" | "long",
  what: string,
  values: NamedNumber[],
  nameOf: (value: NamedNumber) => string = (value) => value.name,
): string {
  const names = values.map((value) => `        ${kqlString(String(value.number))}: ${kqlString(nameOf(value))}`);
  return createFunction(
    `${name}(number: ${type})`,
    `The name of ${what}`,
    `    coalesce(tostring(dynamic({\n${names.join(",\n")}\n    })[tostring(number)]), tostring(number))`,
  );
}

/** Older Ciliums give the number alone, newer ones the name; what Cilium has no reason for is our own. */
function reasonMeaningFunction({ dropReasons }: Protocol): string {
  const meanings = [
    ...dropReasons.map(({ name, label }) => [name, label ?? ""] as const),
    ["L7_DENIED", "The L7 proxy refused it: no policy allows the request"] as const,
  ];
  const lines = meanings.map(([name, label]) => `        ${kqlString(name)}: ${kqlString(label)}`);
  return createFunction(
    "HubbleDropReasonMeaning(reason: string)",
    "A drop reason's name in words; empty for a name that is not known",
    `    tostring(dynamic({\n${lines.join(",\n")}\n    })[reason])`,
  );
}

/** Sub types share their numbers between event types; of a trace, the sub type 0 is left out of the flow. */
function subTypeFunction({ eventTypes, ...tables }: Protocol): string {
  const cases = eventTypes.flatMap(({ number, subTypes }) => {
    if (!subTypes) return [];
    const names = tables[subTypes].map((value) => `${kqlString(String(value.number))}: ${kqlString(value.name)}`);
    const hasZero = tables[subTypes].some((value) => value.number === 0);
    const key = hasZero ? "tostring(coalesce(subType, int(0)))" : "tostring(subType)";
    return [
      `        eventType == ${number}, tostring(dynamic({\n            ${names.join(",\n            ")}\n        })[${key}])`,
    ];
  });
  return createFunction(
    "HubbleEventSubTypeName(eventType: int, subType: int)",
    "The name of an event's sub type: the drop reason, the trace observation point, the capture point",
    `    coalesce(case(\n${cases.join(",\n")},\n        ""\n    ), tostring(subType))`,
  );
}

function policyDropFunction({ dropReasons }: Protocol): string {
  const policy = dropReasons.filter((reason) => reason.policy);
  const numbers = policy.map(({ number }) => number).join(", ");
  const names = policy.map(({ name }) => kqlString(name)).join(", ");
  return createFunction(
    "HubbleIsPolicyDrop(number: int, name: string)",
    "Whether a drop reason, by its number or its name, is the decision of a network policy",
    `    coalesce(number in (${numbers}), false) or name in (${names})`,
  );
}
