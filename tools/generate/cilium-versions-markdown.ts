import { accepted, type MessageField, type Version } from "../flow-filter/accepted.js";
import { markdownTable } from "./markdown-table.js";

/** What a Cilium has that the one before it has not. */
interface News {
  keys: string[];
  filters: string[];
  fields: string[];
}

/** The table of `docs/exporter.md`: since which Cilium the exporter knows what, out of `schema/flow-filter.yaml`. */
export function ciliumVersionsTable(): string {
  const [first, ...later] = accepted.versions;
  const news = new Map<Version, News>(later.map((version) => [version, { keys: [], filters: [], fields: [] }]));
  const add = (kind: keyof News, name: string, since: Version = first!) => news.get(since)?.[kind].push(name);
  for (const [name, { since }] of Object.entries(accepted.flowLog)) add("keys", name, since);
  for (const [name, { since }] of Object.entries(accepted.filter)) add("filters", name, since);
  for (const [path, since] of newFields("Flow", [], first!)) add("fields", path, since);
  const rows = [...news].filter(([, { keys, filters, fields }]) => keys.length + filters.length + fields.length > 0);
  return markdownTable([
    ["Cilium", "keys of a flow log", "conditions of a filter", "fields of a mask"],
    ...rows.map(([version, { keys, filters, fields }]) => [version, list(keys), list(filters), list(fields)]),
  ]);
}

/** The fields of `message` that are newer than what holds them, with the Cilium that brought them. */
function newFields(message: string, path: string[], known: Version): [string, Version][] {
  const fields: [string, MessageField][] = Object.entries(accepted.messages[message]!);
  return fields.flatMap(([name, { since = known, message: inner }]): [string, Version][] => {
    const isNew = accepted.versions.indexOf(since) > accepted.versions.indexOf(known);
    const here = [...path, name];
    return [
      ...(isNew ? [[here.join("."), since] satisfies [string, Version]] : []),
      ...(inner === undefined ? [] : newFields(inner, here, isNew ? since : known)),
    ];
  });
}

const list = (names: string[]): string => names.map((name) => `\`${name}\``).join(", ");
