/** One condition of a label selector, on a key with Cilium's source in front (`any`, `k8s`, `reserved`). */
export interface Requirement {
  /** As Cilium compares it: `any.app`, `k8s.io.kubernetes.pod.namespace`. */
  key: string;
  operator: "exists" | "!" | "=" | "==" | "!=" | "in" | "notin" | ">" | "<";
  values: string[];
}

interface Token {
  kind: "text" | "end" | "error" | "in" | "notin" | "=" | "==" | "!=" | "!" | ">" | "<" | "(" | ")" | ",";
  text: string;
}

const KEYWORDS = new Set(["in", "notin", "=", "==", "!=", "!", ">", "<", "(", ")", ","]);
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Parses a label selector as Cilium's Hubble filters do (pkg/hubble/filters/labelparser.go of 1.20.2): a key without a
 * source gets the source `any`, the colon behind a source becomes a dot, and what comes of it is a Kubernetes label
 * selector (k8s.io/apimachinery/pkg/labels).
 * @returns requirements that must all hold; none of an empty selector, which every flow matches.
 * @throws SyntaxError where Cilium refuses it.
 */
export function parseLabelSelector(selector: string): Requirement[] {
  const tokens = tokenize(translate(selector));
  const requirements: Requirement[] = [];
  let i = 0;
  const peek = () => tokens[i]!;
  const next = () => tokens[i++]!;
  const isText = ({ kind }: Token) => kind === "text" || kind === "in" || kind === "notin";
  const fail = (token: Token, expected: string): never => {
    throw new SyntaxError(`found ${token.kind === "end" ? "its end" : `"${token.text}"`} instead of ${expected}`);
  };

  const list = (): string[] => {
    if (peek().kind !== "(") fail(peek(), '"("');
    next();
    const values: string[] = [];
    for (;;) {
      const token = peek();
      // What is left out between two commas is the empty value.
      if (token.kind === "," || token.kind === ")") values.push("");
      else if (isText(token)) values.push(next().text);
      else fail(token, 'a value or ")"');
      const after = next();
      if (after.kind === ")") return values;
      if (after.kind !== ",") fail(after, '"," or ")"');
    }
  };

  const requirement = (): Requirement => {
    let token = next();
    const isNegated = token.kind === "!";
    if (isNegated) token = next();
    if (!isText(token)) fail(token, "a label");
    const key = checkKey(token.text);
    if (isNegated) return { key, operator: "!", values: [] };
    if (peek().kind === "end" || peek().kind === ",") return { key, operator: "exists", values: [] };
    const operator = next();
    if (operator.kind === "in" || operator.kind === "notin") {
      return { key, operator: operator.kind, values: list().map(checkValue) };
    }
    if (!["=", "==", "!=", ">", "<"].includes(operator.kind)) fail(operator, "=, !=, in, notin, < or >");
    const isEmpty = peek().kind === "end" || peek().kind === ",";
    if (!isEmpty && !isText(peek())) fail(peek(), "a value");
    const value = checkValue(isEmpty ? "" : next().text);
    if ((operator.kind === ">" || operator.kind === "<") && !isInt64(value)) {
      throw new SyntaxError(`"${value}" behind ${operator.kind} is no whole number`);
    }
    return { key, operator: operator.kind as Requirement["operator"], values: [value] };
  };

  while (peek().kind !== "end") {
    requirements.push(requirement());
    const token = next();
    if (token.kind === "end") break;
    if (token.kind !== ",") fail(token, '"," or its end');
    if (!isText(peek()) && peek().kind !== "!") fail(peek(), 'a label behind ","');
  }
  return requirements;
}

/** Puts Cilium's source in front of each key, with a dot, as the Kubernetes selector takes no colon. */
function translate(selector: string): string {
  let translated = "";
  let rest = selector;
  while (rest !== "") {
    const [lead] = /^[\s!]*/.exec(rest)!;
    const [key] = /^[^\s=!,]*/.exec(rest.slice(lead.length))!;
    translated += lead + (key.includes(":") ? key.replace(":", ".") : `any.${key}`);
    rest = rest.slice(lead.length + key.length);
    let nesting = 0;
    let end = 0;
    while (end < rest.length) {
      const char = rest[end++];
      if (char === "(") nesting++;
      else if (char === ")") nesting--;
      else if (char === "," && nesting === 0) break;
    }
    translated += rest.slice(0, end);
    rest = rest.slice(end);
  }
  return translated;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [word] of text.matchAll(/[=!(),><]+|[^=!(),><\t\n\r ]+/g)) {
    if (!/^[=!(),><]/.test(word)) {
      tokens.push({ kind: KEYWORDS.has(word) ? (word as Token["kind"]) : "text", text: word });
      continue;
    }
    // The longest operator first: "==" before "=".
    for (let i = 0; i < word.length;) {
      const two = word.slice(i, i + 2);
      const one = KEYWORDS.has(two) ? two : word[i]!;
      tokens.push({ kind: one as Token["kind"], text: one });
      i += one.length;
    }
  }
  return [...tokens, { kind: "end", text: "" }];
}

function checkKey(key: string): string {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  const isPrefixed = prefix !== undefined;
  if (more.length > 0 || (isPrefixed && (prefix.length > 253 || !SUBDOMAIN.test(prefix)))) {
    throw new SyntaxError(`"${key}" is no label: in front of the "/" stands a DNS name in small letters`);
  }
  if (name.length > 63 || !NAME.test(name)) {
    throw new SyntaxError(
      `"${name}" is no label's name: up to 63 letters, digits, "-", "_", ".", from a letter or digit to one`,
    );
  }
  return key;
}

function checkValue(value: string): string {
  if (value === "" || (value.length <= 63 && NAME.test(value))) return value;
  throw new SyntaxError(
    `"${value}" is no label's value: up to 63 letters, digits, "-", "_", ".", from a letter or digit to one`,
  );
}

function isInt64(text: string): boolean {
  return /^[-+]?\d+$/.test(text) && BigInt(text.replace("+", "")) === BigInt.asIntN(64, BigInt(text.replace("+", "")));
}
