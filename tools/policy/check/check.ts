import { Evidence, evidenceOf, needAt, type Exchange } from "../exchange.js";
import type { Direction, HttpRequest } from "../sighting.js";
import { partyOf, type KnownNames } from "./party.js";
import { ask, type Answer, type CheckedPolicy, type Question } from "./policy.js";

/** What policies make of an exchange that was seen to pass. */
export interface Checked {
  exchange: Exchange;
  direction: Direction;
  answer: Answer;
  evidence: Evidence;
  /** The request, where not all of the exchange's are denied. */
  request: string | undefined;
}

/** Asks policies about all exchanges that were not denied, at both ends, and about each HTTP request and DNS name. */
export function checkExchanges(policies: readonly CheckedPolicy[], exchanges: readonly Exchange[]): Checked[] {
  const known = knownNames(exchanges);
  return exchanges.flatMap((exchange) =>
    (["egress", "ingress"] as const).flatMap((direction): Checked[] => {
      const subject = direction === "egress" ? exchange.source : exchange.destination;
      if (subject.kind !== "pod" || needAt(exchange, direction, false) !== "needed") return [];
      const evidence = evidenceOf(exchange, ["passed", "arrived"]);
      const question: Question = {
        source: partyOf(exchange.source, known),
        destination: partyOf(exchange.destination, known),
        service: exchange.service,
      };
      const answer = ask(policies, question, direction);
      const whole = { exchange, direction, answer, evidence, request: undefined };
      if (answer.verdict !== "allowed") return [whole];
      const refused = contentOf(exchange, direction)
        .map(({ request, ...content }) => ({
          ...whole,
          request,
          answer: ask(policies, { ...question, ...content }, direction),
        }))
        .filter(({ answer: { verdict } }) => verdict !== "allowed");
      return refused.length > 0 ? refused : [whole];
    }),
  );
}

/** What names addresses have, by all flows: Cilium keeps one memory of them for a node. */
export function knownNames(exchanges: readonly Pick<Exchange, "destination">[]): KnownNames {
  const known = new Map<string, Set<string>>();
  for (const { destination } of exchanges) {
    if (destination.kind !== "world" || destination.address === "") continue;
    const names = known.get(destination.address) ?? new Set<string>();
    known.set(destination.address, names);
    for (const name of destination.names) names.add(name);
  }
  return known;
}

function contentOf(
  exchange: Exchange,
  direction: Direction,
): { request: string; http?: HttpRequest; dnsName?: string }[] {
  const seen = exchange.seen.get(direction);
  return [
    ...[...(seen?.http.values() ?? [])].map((http) => ({
      request: `${http.method} ${http.host}${http.path}${http.query}`,
      http,
    })),
    ...[...(seen?.dnsNames ?? [])].map((dnsName) => ({ request: `the name ${dnsName}`, dnsName })),
  ];
}
