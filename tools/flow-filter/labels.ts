import { parseLabelSelector } from "./label-selector.js";
import type { Requirement } from "./label-selector.js";
import { parsePrefix } from "./address.js";

interface Label {
  source: string;
  key: string;
  value: string;
}

/** Whether one of the selectors selects a set of labels, as Cilium writes them: `k8s:app=shop`, `reserved:host`. */
export function labelsTest(selectors: readonly string[]): (labels: readonly string[]) => boolean {
  const parsed = selectors.map((selector) =>
    parseLabelSelector(selector).map((requirement) => ({ ...requirement, label: wantedLabel(requirement.key) })),
  );
  return (labels) => {
    const set = labels.map((label) => parseLabel(label, ":"));
    // Of two labels that a key names, Cilium takes the first in the order of keys.
    set.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return parsed.some((requirements) =>
      requirements.every((requirement) =>
        matches(requirement, set.find((label) => hasKey(label, requirement.label))?.value),
      ),
    );
  };
}

/** The source of a label that names none. */
const UNSPECIFIED = "unspec";

function wantedLabel(key: string): Label {
  const label = parseLabel(key, ".");
  return label.source === UNSPECIFIED ? { ...label, source: "any" } : label;
}

/** pkg/labels: parseLabel. */
function parseLabel(text: string, delimiter: ":" | "."): Label {
  const [source, next] = splitSource(text, delimiter);
  const at = next.indexOf("=");
  const isReserved = source === "reserved" && at === 0;
  return {
    source: source === "" ? UNSPECIFIED : source,
    key: at < 0 ? next : isReserved ? next.slice(1) : next.slice(0, at),
    value: at < 0 || isReserved ? "" : next.slice(at + 1),
  };
}

function splitSource(text: string, delimiter: string): [source: string, rest: string] {
  if (text.startsWith("$")) return ["reserved", text.slice(1)];
  const at = text.indexOf(delimiter);
  return at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether a label has a selector's key: of any source, or of its own; a network has the networks around it too. */
function hasKey(label: Label, wanted: Label): boolean {
  if (wanted.source !== "any" && label.source !== wanted.source) return false;
  if (wanted.source !== "cidr") return label.key === wanted.key;
  const prefixOf = ({ key }: Label) => parsePrefix(key.replaceAll("-", ":"));
  const [around, inner] = [prefixOf(wanted), prefixOf(label)];
  return around !== undefined && inner !== undefined && around.length <= inner.length && around.contains(inner.address);
}

/** @param value of the label with the requirement's key; undefined where there is none. */
function matches({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "in":
    case "=":
    case "==":
      return value !== undefined && values.includes(value);
    case "notin":
    case "!=":
      return value === undefined || !values.includes(value);
    case ">":
    case "<": {
      const [given, wanted] = [parseInt64(value), parseInt64(values[0])];
      if (given === undefined || wanted === undefined) return false;
      return operator === ">" ? given > wanted : given < wanted;
    }
  }
}

/** Go's strconv.ParseInt of 64 bits. */
function parseInt64(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[-+]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return value === BigInt.asIntN(64, value) ? value : undefined;
}
