/** A label as Cilium has it: of some source, with a key and a value. */
export interface SourcedLabel {
  source: string;
  key: string;
  value: string;
}

/** One condition of a selector. */
export interface Requirement {
  /** `any` is every source. */
  source: string;
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  values: readonly string[];
}

/** Reads a label of a flow: `k8s:app=cart`, `reserved:host`. */
export function sourcedLabel(text: string): SourcedLabel {
  const equals = text.indexOf("=");
  const [front, value] = equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
  const colon = front.indexOf(":");
  return colon < 0
    ? { source: "k8s", key: front, value }
    : { source: front.slice(0, colon), key: front.slice(colon + 1), value };
}

/** Reads a key of a selector: `app` is of any source, `k8s:app` of Kubernetes. */
export function requirement(key: string, operator: Requirement["operator"], values: readonly string[]): Requirement {
  const colon = key.indexOf(":");
  const [source, name] = colon < 0 ? ["any", key] : [key.slice(0, colon), key.slice(colon + 1)];
  return { source, key: name, operator, values };
}

/** Whether labels meet all conditions, as Kubernetes' selectors do. */
export function meets(labels: readonly SourcedLabel[], requirements: readonly Requirement[]): boolean {
  return requirements.every(({ source, key, operator, values }) => {
    const found = labels.filter((label) => label.key === key && (source === "any" || label.source === source));
    switch (operator) {
      case "Exists":
        return found.length > 0;
      case "DoesNotExist":
        return found.length === 0;
      case "In":
        return found.some(({ value }) => values.includes(value));
      case "NotIn":
        return !found.some(({ value }) => values.includes(value));
    }
  });
}
