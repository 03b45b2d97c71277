import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from "yaml";
import { UserError } from "../../user-error.js";

/** A value of a YAML file that knows where it stands. */
export class Node {
  constructor(
    readonly file: string,
    readonly value: unknown,
    readonly line: number,
    /** From the resource on: `spec.egress[2]`. */
    readonly path: string,
    readonly lineAt: (offset: number) => number,
  ) {}

  get isMap(): boolean {
    return isMap(this.value);
  }

  /** The value under a key; undefined where there is none, or null. */
  get(key: string): Node | undefined {
    if (!isMap(this.value)) return undefined;
    const pair = this.value.items.find((item) => isScalar(item.key) && item.key.value === key);
    const value = pair?.value;
    if (value === undefined || value === null || (isScalar(value) && value.value === null)) return undefined;
    return this.#child(value, this.path === "" ? key : `${this.path}.${key}`);
  }

  /** The keys of a map. */
  get keys(): string[] {
    return isMap(this.value) ? this.value.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  }

  /** The items of a list; undefined where it is not there. */
  list(key: string): Node[] | undefined {
    const found = this.get(key);
    if (!found) return undefined;
    if (!isSeq(found.value)) found.fail(`${key} is not a list`, `write ${key}: [ … ]`);
    return (found.value as { items: unknown[] }).items.map((item, i) => this.#child(item, `${found.path}[${i}]`));
  }

  /** A scalar as text; undefined where it is not there. */
  text(key?: string): string | undefined {
    const found = key === undefined ? this : this.get(key);
    if (!found) return undefined;
    const value = isScalar(found.value) ? found.value.value : undefined;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
    return found.fail("a text is expected here", "write one value in quotes");
  }

  /** The texts of a list; undefined where it is not there. */
  texts(key: string): string[] | undefined {
    return this.list(key)?.map((item) => item.text()!);
  }

  /** @throws UserError naming the place. */
  fail(message: string, remedy: string): never {
    throw new UserError(`${this.file}:${this.line}: ${this.path === "" ? "" : `${this.path}: `}${message}; ${remedy}`);
  }

  #child(value: unknown, path: string): Node {
    const { range } = value as { range?: [number, number, number] | null };
    return new Node(this.file, value, range ? this.lineAt(range[0]) : this.line, path, this.lineAt);
  }
}

/**
 * The documents of a YAML or JSON file, as Kubernetes reads it.
 * @throws UserError naming the line that is no YAML.
 */
export function documentsOf(file: string, content: string): Node[] {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const documents = parseAllDocuments(content, { lineCounter: lines, version: "1.1", keepSourceTokens: false });
  if (!Array.isArray(documents)) return [];
  return (documents as Document.Parsed[]).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new UserError(`${file}:${lineAt(error.pos[0])}: not valid YAML: ${error.message.split("\n")[0]}`);
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    return [new Node(file, contents, lineAt(contents.range[0]), "", lineAt)];
  });
}
