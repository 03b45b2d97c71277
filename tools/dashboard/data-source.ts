/**
 * A Kusto cluster's URI without a trailing slash.
 * @throws Error saying what is wrong: not a URI, not https, more than a host, or no Kusto host.
 */
export function parseClusterUri(text: string): string {
  const example = "https://mycluster.westeurope.kusto.windows.net";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error(`"${text}" is no URI. Give the cluster's URI as the Azure portal shows it, e.g. ${example}`);
  }
  if (url.protocol !== "https:") throw new Error(`the cluster's URI must start with https://, e.g. ${example}`);
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password || url.port) {
    throw new Error(`the cluster's URI must be a host only, e.g. ${example}; the database has an option of its own`);
  }
  if (/^ingest-/.test(url.hostname)) {
    throw new Error(`${url.hostname} is for ingestion; queries go to https://${url.hostname.replace(/^ingest-/, "")}`);
  }
  if (!KUSTO_HOST.test(url.hostname)) {
    throw new Error(
      `${url.hostname} is no Azure Data Explorer cluster; expected a host like ${new URL(example).hostname}`,
    );
  }
  return url.origin;
}

// Public, government and China clouds, Fabric eventhouses and Synapse pools; free clusters are <id>.<region>.kusto.windows.net.
const KUSTO_HOST =
  /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.kusto\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn|azuresynapse\.net|fabric\.microsoft\.com)$/;

/**
 * A database name as Azure Data Explorer allows it: 1 to 260 letters, digits, underscores, spaces, dots and dashes.
 * @throws Error saying what is wrong.
 */
export function parseDatabaseName(text: string): string {
  if (!/^[A-Za-z0-9_ .-]{1,260}$/.test(text) || text.trim() !== text) {
    throw new Error(`"${text}" is no database name: 1 to 260 letters, digits, underscores, spaces, dots and dashes`);
  }
  return text;
}
