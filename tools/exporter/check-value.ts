import { isIP } from "node:net";
import { accepted } from "../flow-filter/accepted.js";
import type { ValueType } from "../flow-filter/accepted.js";
import type { Context } from "./context.js";
import { checkCel } from "../flow-filter/cel.js";
import { parsePrefix } from "../flow-filter/address.js";
import { compileGoRegexp } from "../flow-filter/go-regexp.js";
import { parseProtoInteger } from "../flow-filter/go-values.js";
import { parseLabelSelector } from "../flow-filter/label-selector.js";
import { at, plain } from "../findings/located.js";
import type { Located } from "../findings/located.js";
import { protocol, subTypesOf } from "../flow-filter/protocol.js";
import type { NamedNumber } from "../protocol.js";
import { suggestion } from "../findings/words.js";

const FILE_REFUSED = "Cilium refuses the whole file and keeps the configuration it had";
const LOG_REFUSED = "Cilium does not start this flow log";

/**
 * Checks one value of a filter field as Cilium's JSON decoder and filter builders do.
 * @returns the value in the form Cilium understands it (enum values by name), undefined when it is refused.
 */
export function checkValue(value: Located, field: string, type: ValueType, context: Context): unknown {
  const { line } = value;
  const given = plain(value);
  const refuse = (message: string, remedy: string) => {
    context.error(line, `${field}: ${message}`, remedy);
    return undefined;
  };
  switch (type) {
    case "verdict":
      return checkEnum(value, field, protocol.verdicts, context);
    case "trafficDirection":
      return checkEnum(value, field, protocol.trafficDirections, context);
    case "dropReason":
      return checkDropReason(value, field, context);
    case "ipVersion":
      return checkEnum(
        value,
        field,
        ["IP_NOT_USED", "IPv4", "IPv6"].map((name, number) => ({ name, number })),
        context,
      );
    case "bool":
      return typeof given === "boolean"
        ? given
        : refuse(`${say(given)} is not a boolean. ${FILE_REFUSED}`, "write true or false");
    case "uint32":
    case "uint64": {
      const number = parseProtoInteger(given, 0n, type === "uint32" ? 2n ** 32n - 1n : 2n ** 64n - 1n);
      // Beyond what a number holds, the digits stay.
      if (number !== undefined) return Number.isSafeInteger(number) ? number : String(given);
      return refuse(`${say(given)} is not a whole number. ${FILE_REFUSED}`, "write the number");
    }
    case "eventType":
      return checkEventType(value, field, context);
    case "workload":
      return checkMessage(value, field, ["name", "kind"], "string", context);
    case "httpHeader":
      return checkMessage(value, field, ["key", "value"], "string", context);
    case "tcpFlags":
      return checkMessage(value, field, Object.keys(accepted.messages["TCPFlags"]!), "boolean", context);
    case "interface":
      return checkInterface(value, field, context);
    case "experimental":
      if (typeof given !== "string")
        return refuse(`${say(given)} is no CEL expression. ${FILE_REFUSED}`, "put it in quotes");
      return checkExpression(given, line, field, context) ? given : undefined;
  }
  if (typeof given !== "string") {
    return refuse(`${say(given)} is not a string. ${FILE_REFUSED}`, `put it in quotes: "${plainText(given)}"`);
  }
  return checkText(given, line, field, type, context) ? given : undefined;
}

/** Whether Cilium takes it as a name with wildcards: without a trailing dot, in any case. */
function isPattern(text: string): boolean {
  return /^[-0-9_a-z.*]*[-0-9_a-z*]$/.test(text.trim().replace(/\.$/, "").toLowerCase());
}

/** Checks a value that Cilium takes as a string; false when its filter builder refuses it. */
function checkText(text: string, line: number, field: string, type: ValueType, context: Context): boolean {
  const refuse = (message: string, remedy: string) => {
    context.error(line, `${field}: ${message}. ${LOG_REFUSED}`, remedy);
    return false;
  };
  switch (type) {
    case "ip": {
      const [address, length, ...rest] = text.split("/");
      const family = isIP(address!);
      if (family === 0 || rest.length > 0)
        return refuse(`"${text}" is no IP address or CIDR`, "write e.g. 10.0.0.1 or 10.0.0.0/8");
      const inRange = length === undefined || parsePrefix(text) !== undefined;
      return (
        inRange ||
        refuse(`"${text}" has no valid prefix length`, `write 0 to ${family === 4 ? 32 : 128} behind the "/"`)
      );
    }
    case "port":
      return (
        (/^\d+$/.test(text) && Number(text) <= 65535) ||
        refuse(`"${text}" is no port`, "write a number from 0 to 65535 in quotes")
      );
    case "httpStatus":
      return (
        /^[1-5]([0-9]{2}|[0-9]?\+)$/.test(text) ||
        refuse(`"${text}" is no HTTP status`, 'write a status like "404", or the start of one like "5+"')
      );
    case "protocol": {
      const known = accepted.protocols[text.toLowerCase()];
      if (!known) return refuse(`unknown protocol "${text}"`, suggestion(text, Object.keys(accepted.protocols)));
      context.need(known.since, line, `the protocol ${text}`, "does not start this flow log");
      if (known.until) context.pastUntil(known.until, line, `the protocol ${text}`, LOG_REFUSED);
      return true;
    }
    case "regex":
      try {
        compileGoRegexp(text);
        return true;
      } catch (error) {
        const why = (error as Error).message.replace(/^error parsing regexp: /, "");
        return refuse(`"${text}" is no regular expression: ${why}`, "mend it; Cilium takes RE2 syntax");
      }
    case "pod":
    case "service":
      if (text === "") return refuse("a name must not be empty", `write "namespace/", "namespace/name" or "/name"`);
      if (!text.includes("/")) {
        context.warning(
          line,
          `${field}: "${text}" has no "/", so Cilium looks for it in the namespace "default"`,
          `write "${text}/" for the namespace ${text}, or "/${text}" for the name in any namespace`,
        );
      }
      if (text.includes("*")) {
        context.warning(
          line,
          `${field}: "${text}" matches nothing: names are compared by their beginning, "*" is no wildcard here`,
          `write "${text.replace(/\*.*$/, "")}"`,
        );
      }
      return true;
    case "fqdn":
    case "nodePattern": {
      const parts = type === "fqdn" ? [text] : text.split("/");
      if (text.trim() === "")
        return refuse("a pattern must not be empty", "take it out or write a name; * stands for any letters");
      const valid = parts.length <= 2 && parts.every((part) => (type !== "fqdn" && part === "") || isPattern(part));
      return (
        valid ||
        refuse(
          `"${text}" is no pattern of names`,
          `write letters, digits, ".", "-", "_" and "*"${type === "fqdn" ? "" : ", behind a cluster's name and a slash"}`,
        )
      );
    }
    case "cluster":
      return text !== "" || refuse("a cluster's name must not be empty", "write the name, or take it out");
    case "label":
      try {
        if (parseLabelSelector(text).length === 0) {
          context.warning(line, `${field}: an empty label selector matches every flow`, 'write e.g. "k8s:app=shop"');
        }
        return true;
      } catch (error) {
        return refuse(
          `"${text}" is no label selector: ${(error as Error).message}`,
          'write e.g. "k8s:app in (shop, cart)"',
        );
      }
    default:
      return true;
  }
}

/** Cilium takes an enum value by its exact name or by its number. */
function checkEnum(value: Located, field: string, names: readonly NamedNumber[], context: Context): string | undefined {
  const given = plain(value);
  const found = names.find(({ name, number }) => given === name || given === number);
  if (found) return found.name;
  if (typeof given === "number" && isInt32(given)) return String(given);
  const choices = names.map(({ name }) => name);
  context.error(
    value.line,
    `${field}: there is no ${say(given)}. ${FILE_REFUSED}`,
    suggestion(plainText(given), choices) || `the names stand in schema/protocol.yaml`,
  );
  return undefined;
}

function checkDropReason(value: Located, field: string, context: Context): string | undefined {
  const name = checkEnum(value, field, protocol.dropReasons, context);
  const reason = protocol.dropReasons.find((one) => one.name === plain(value));
  const numbered = protocol.dropReasons.find((one) => one.number === plain(value));
  if (numbered?.unnamed) return String(numbered.number);
  if (reason?.unnamed) {
    const { number } = reason;
    context.error(
      value.line,
      `${field}: Cilium has no name for the drop reason ${number}. ${FILE_REFUSED}`,
      `write ${number}`,
    );
  } else {
    context.need(reason?.since, value.line, `the drop reason ${reason?.name}`, "refuses the whole file");
  }
  return name;
}

function checkEventType(value: Located, field: string, context: Context): unknown {
  const keys = ["type", "match_sub_type", "sub_type", "matchSubType", "subType"];
  if (value.kind !== "map") {
    context.error(
      value.line,
      `${field}: ${say(plain(value))} is not an event type filter. ${FILE_REFUSED}`,
      "write e.g. { type: 1, match_sub_type: true, sub_type: 181 }",
    );
    return undefined;
  }
  if (!checkKeys(value, field, keys, context)) return undefined;
  const number = (...names: string[]): number | undefined => {
    const found = names.map((name) => at(value, name)).find((inner) => inner !== undefined);
    if (!found) return undefined;
    const given = plain(found);
    if (given === null) return undefined;
    if (/^-?\d+$/.test(plainText(given)) && isInt32(Number(given))) return Number(given);
    const types = protocol.eventTypes.map(({ name }) => name);
    const named = [...protocol.eventTypes, ...protocol.dropReasons].find(({ name }) => name === given);
    context.error(
      found.line,
      `${field}: ${names[0]!} takes a number, not ${say(given)}. ${FILE_REFUSED}`,
      named ? `write ${named.number}` : suggestion(plainText(given), types),
    );
    return undefined;
  };
  const type = number("type") ?? 0;
  const subType = number("sub_type", "subType");
  const match = at(value, "match_sub_type") ?? at(value, "matchSubType");
  const matches = match !== undefined && plain(match) === true;
  if (match && typeof plain(match) !== "boolean") {
    context.error(match.line, `${field}: match_sub_type is not a boolean. ${FILE_REFUSED}`, "write true or false");
  }
  if (type !== 0 && !protocol.eventTypes.some((known) => known.number === type)) {
    context.warning(
      value.line,
      `${field}: Cilium has no event type ${type}, so this matches nothing`,
      `choose one of ${protocol.eventTypes.map((known) => `${known.number} (${known.name})`).join(", ")}`,
    );
  }
  if (subType !== undefined && !matches) {
    context.warning(
      value.line,
      `${field}: sub_type ${subType} is not looked at, every sub type matches`,
      "add match_sub_type: true",
    );
  }
  const subTypes = subTypesOf(type);
  if (matches && subTypes.length > 0 && !subTypes.some((known) => known.number === (subType ?? 0))) {
    context.warning(
      value.line,
      `${field}: event type ${type} has no sub type ${subType ?? 0}, so this matches nothing`,
      "the numbers stand in schema/protocol.yaml",
    );
  }
  return { type, ...(matches ? { match_sub_type: true, sub_type: subType ?? 0 } : {}) };
}

function checkExpression(expression: string, line: number, field: string, context: Context): boolean {
  const verdict = checkCel(expression);
  if ("refused" in verdict) {
    context.error(
      line,
      `${field}: "${expression}" is no CEL expression on a flow: ${verdict.refused}. ${LOG_REFUSED}`,
      'write e.g. "_flow.verdict == Verdict.DROPPED"',
    );
    return false;
  }
  if ("unknown" in verdict) {
    context.note(line, `${field}: "${expression}" is not checked: ${verdict.unknown}`, "see the agent's log");
  }
  return true;
}

/** Of an interface, the index (uint32) and the name. */
function checkInterface(value: Located, field: string, context: Context): unknown {
  const checked = checkMessage(value, field, ["index", "name"], undefined, context);
  if (checked === undefined) return undefined;
  const { index, name } = checked as { index?: unknown; name?: unknown };
  if (index !== undefined && index !== null && parseProtoInteger(index, 0n, 2n ** 32n - 1n) === undefined) {
    context.error(
      value.line,
      `${field}.index: ${say(index)} is not a whole number. ${FILE_REFUSED}`,
      "write the number",
    );
    return undefined;
  }
  if (name !== undefined && name !== null && typeof name !== "string") {
    context.error(value.line, `${field}.name: ${say(name)} is not a string. ${FILE_REFUSED}`, "put it in quotes");
    return undefined;
  }
  return checked;
}

function checkMessage(
  value: Located,
  field: string,
  keys: readonly string[],
  type: "string" | "boolean" | undefined,
  context: Context,
): unknown {
  if (value.kind !== "map") {
    context.error(
      value.line,
      `${field}: ${say(plain(value))} should be an object with ${keys.join(", ")}. ${FILE_REFUSED}`,
      `write e.g. { ${keys[0]!}: … }`,
    );
    return undefined;
  }
  if (!checkKeys(value, field, keys, context)) return undefined;
  for (const [key, entry] of value.entries) {
    const given = plain(entry.value);
    if (type === undefined || typeof given === type) continue;
    context.error(entry.line, `${field}.${key}: ${say(given)} is not a ${type}. ${FILE_REFUSED}`, `write a ${type}`);
    return undefined;
  }
  return plain(value);
}

function checkKeys(
  value: Located & { kind: "map" },
  field: string,
  keys: readonly string[],
  context: Context,
): boolean {
  const protocolNames = keys.filter((key) => !/[a-z][A-Z]/.test(key));
  let known = true;
  for (const [key, { line }] of value.entries) {
    if (keys.includes(key)) continue;
    context.error(line, `${field} has no field "${key}". ${FILE_REFUSED}`, suggestion(key, protocolNames));
    known = false;
  }
  return known;
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
}

function say(given: unknown): string {
  return JSON.stringify(given);
}

function plainText(given: unknown): string {
  return typeof given === "string" ? given : JSON.stringify(given);
}
