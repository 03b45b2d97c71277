const SECOND = 1;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

// The service's bounds for the ingestion batching policy.
const BATCHING: Record<string, { from: number; to: number; read: (value: unknown) => number }> = {
  MaximumBatchingTimeSpan: { from: 10 * SECOND, to: 30 * MINUTE, read: seconds },
  MaximumNumberOfItems: { from: 1, to: 25_000, read: Number },
  MaximumRawDataSizeMB: { from: 100, to: 4096, read: Number },
};

/** What the service would refuse, or what makes no sense, in a file of policies. */
export function policyProblems(kql: string): string[] {
  return [...batchingProblems(kql), ...retentionProblems(kql)];
}

function batchingProblems(kql: string): string[] {
  const json = /policy ingestionbatching\n```\n([\s\S]*?)\n```/.exec(kql)?.[1];
  if (json === undefined) return ["no ingestion batching policy"];
  return Object.entries(JSON.parse(json) as Record<string, unknown>).flatMap(([name, value]) => {
    const bounds = BATCHING[name];
    if (!bounds) return [`ingestion batching has no ${name}`];
    const number = bounds.read(value);
    return number >= bounds.from && number <= bounds.to ? [] : [`${name}: ${JSON.stringify(value)} is out of bounds`];
  });
}

function retentionProblems(kql: string): string[] {
  const retention = /policy retention softdelete = (\d+)d recoverability = (\w+)$/m.exec(kql);
  const cache = /policy caching hot = (\d+)d$/m.exec(kql);
  if (!retention) return ["no retention policy"];
  if (!cache) return ["no caching policy"];
  const problems: string[] = [];
  if (!["enabled", "disabled"].includes(retention[2]!)) problems.push(`recoverability: ${retention[2]!}`);
  if (Number(cache[1]) > Number(retention[1])) problems.push("the cache outlasts the rows");
  return problems;
}

/** `[d.]hh:mm:ss` in seconds, NaN for anything else. */
function seconds(value: unknown): number {
  const parts = /^(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)$/.exec(String(value));
  if (!parts) return NaN;
  const [days, hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  return days! * DAY + hours! * 60 * MINUTE + minutes! * MINUTE + rest!;
}
