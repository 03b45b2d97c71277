import { Document, visit, type visitor } from "yaml";

/**
 * A value as YAML, its lines as long as they are.
 * @param comment lines for the head of the file, without "#".
 * @param styles sets how its nodes are written.
 * @param flowCollectionPadding whether a space stands inside the brackets of lists and maps on one line.
 */
export function yamlOf(
  value: unknown,
  comment: readonly string[] = [],
  styles: visitor,
  flowCollectionPadding = true,
): string {
  // Kubernetes reads YAML 1.1, in which n, on and 1e3 are no texts.
  const document = new Document(value, { compat: "yaml-1.1" });
  if (comment.length > 0) document.commentBefore = comment.map((line) => (line ? ` ${line}` : "")).join("\n");
  visit(document, styles);
  return document.toString({ lineWidth: 0, flowCollectionPadding });
}
