/** The parts of a dashboard file that its picture shows. */
interface DashboardFile {
  title: string;
  pages: { id: string; name: string }[];
  parameters: { displayName: string }[];
  tiles: FileTile[];
  queries: { id: string; text: string }[];
}

interface FileTile {
  title: string;
  description?: string;
  markdownText?: string;
  queryRef?: { queryId: string };
  visualType: string;
  pageId: string;
  layout: { x: number; y: number; width: number; height: number };
  visualOptions: {
    multiStat__slot?: { width: number };
    xColumn?: string | null;
    yColumns?: string[] | null;
    seriesColumns?: string[] | null;
  };
}

const GRID = { columns: 24, cell: 40, row: 22, gap: 8, margin: 24 };
const WIDTH = GRID.columns * GRID.cell + 2 * GRID.margin;
const PALETTE = ["#0078d4", "#c50f1f", "#f2c811", "#107c10", "#8764b8"];

/**
 * A picture of the dashboard's pages, one below the other, drawn from the file that is imported: each tile in its place,
 * with its title, the kind of its visual and the columns it draws. The figures in the tiles are ornaments, not data.
 */
export function layoutSvg(file: object): string {
  const { title, pages, parameters, tiles, queries } = file as DashboardFile;
  const queryOf = (tile: FileTile) => queries.find(({ id }) => id === tile.queryRef?.queryId)?.text ?? "";
  const drawn: string[] = [];
  let top = 92;
  for (const page of pages) {
    const own = tiles.filter(({ pageId }) => pageId === page.id);
    const rows = Math.max(...own.map(({ layout }) => layout.y + layout.height));
    drawn.push(text(GRID.margin, top + 20, page.name, { size: 18, weight: 600 }));
    const origin = top + 34;
    drawn.push(...own.map((tile) => drawTile(tile, queryOf(tile), origin)));
    top = origin + rows * GRID.row + 30;
  }
  return [
    `<!-- Generated from adx/dashboard.json by "npm run generate"; do not edit. -->`,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" font-family="Segoe UI, Helvetica, Arial, sans-serif">`,
    `<title>The pages of the dashboard &quot;${escape(title)}&quot; and their tiles</title>`,
    `<rect width="${WIDTH}" height="${top}" fill="#f3f2f1"/>`,
    text(GRID.margin, 36, title, { size: 22, weight: 600 }),
    ...drawParameters(parameters.map(({ displayName }) => displayName)),
    ...drawn,
    `</svg>`,
  ]
    .join("\n")
    .concat("\n");
}

function drawParameters(names: string[]): string[] {
  let x = GRID.margin;
  return names.flatMap((name) => {
    const width = 24 + name.length * 7.5;
    const pill = [
      `<rect x="${x}" y="52" width="${width}" height="26" rx="4" fill="#ffffff" stroke="#8a8886"/>`,
      text(x + width / 2, 70, name, { size: 13, anchor: "middle" }),
    ];
    x += width + 8;
    return pill;
  });
}

function drawTile(tile: FileTile, query: string, origin: number): string {
  const { layout, title } = tile;
  const x = GRID.margin + layout.x * GRID.cell + GRID.gap / 2;
  const y = origin + layout.y * GRID.row;
  const width = layout.width * GRID.cell - GRID.gap;
  const height = layout.height * GRID.row - GRID.gap;
  const lower = cut(caption(tile), width - 24);
  const body = { x: x + 12, y: y + 30, width: width - 24, height: height - (lower === "" ? 40 : 54) };
  return [
    `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="#ffffff" stroke="#d2d0ce"/>`,
    text(x + 12, y + 19, title, { size: 13, weight: 600 }),
    ornament(tile, query, body),
    text(x + 12, y + height - 9, lower, { size: 11, fill: "#605e5c" }),
    `</g>`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** What a tile draws, in words: `Flows by Time, Verdict`; of tables the description. */
function caption({ description, markdownText, visualOptions }: FileTile): string {
  if (markdownText !== undefined) return markdownText.replace(/\s+/g, " ").replaceAll("**", "");
  const { xColumn, yColumns, seriesColumns } = visualOptions;
  if (!xColumn) return description ?? "";
  return `${(yColumns ?? []).join(", ")} by ${[xColumn, ...(seriesColumns ?? [])].join(", ")}`;
}

function cut(content: string, width: number): string {
  const characters = Math.floor(width / 6.2);
  return content.length <= characters ? content : `${content.slice(0, characters - 1).trimEnd()}…`;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function ornament({ visualType, visualOptions }: FileTile, query: string, box: Box): string {
  switch (visualType) {
    case "multistat":
      return stats(box, visualOptions.multiStat__slot?.width ?? 1, statLabels(query));
    case "table":
      return table(box);
    case "bar":
      return bars(box);
    case "column":
    case "stackedcolumn":
      return columns(box, visualType === "stackedcolumn" ? 2 : 1);
    case "timechart":
      return lines(box);
    default:
      return "";
  }
}

// A fixed series of shares, so that a picture is the same each time.
const SHARES = [0.62, 0.71, 0.55, 0.8, 0.93, 0.67, 0.58, 0.74, 0.88, 0.69, 0.6, 0.77];

/** The labels that a query writes out; a query that reads them from a column has none. */
function statLabels(query: string): string[] {
  return [...query.matchAll(/"Label", "([^"]+)"/g)].map((match) => match[1]!);
}

function stats({ x, y, width, height }: Box, count: number, labels: string[]): string {
  const slot = width / count;
  return Array.from({ length: count }, (_, index) => {
    const left = x + index * slot;
    const fill = PALETTE[index % PALETTE.length]!;
    return [
      `<rect x="${round(left)}" y="${y}" width="${round(slot - 8)}" height="${height}" rx="3" fill="${fill}" fill-opacity="0.18"/>`,
      text(left + 6, y + height - 8, cut(labels[index] ?? "", slot - 16), { size: 11 }),
    ].join("");
  }).join("");
}

function table({ x, y, width, height }: Box): string {
  const rows = Math.floor(height / 16);
  return Array.from({ length: rows }, (_, index) => {
    const fill = index === 0 ? "#c8c6c4" : "#edebe9";
    return `<rect x="${x}" y="${y + index * 16}" width="${width}" height="11" fill="${fill}"/>`;
  }).join("");
}

function bars({ x, y, width, height }: Box): string {
  const count = Math.floor(height / 14);
  return Array.from(
    { length: count },
    (_, index) =>
      `<rect x="${x}" y="${y + index * 14}" width="${round(width * 0.95 ** (index * 3))}" height="9" fill="${PALETTE[0]!}" fill-opacity="0.55"/>`,
  ).join("");
}

function columns({ x, y, width, height }: Box, series: number): string {
  const step = width / 24;
  return Array.from({ length: 24 }, (_, index) => {
    const share = SHARES[index % SHARES.length]!;
    return Array.from({ length: series }, (_, part) => {
      const tall = round(height * share * (part === 0 ? 1 : 0.25));
      return `<rect x="${round(x + index * step)}" y="${round(y + height - tall)}" width="${round(step - 3)}" height="${tall}" fill="${PALETTE[part]!}" fill-opacity="0.6"/>`;
    }).join("");
  }).join("");
}

function lines({ x, y, width, height }: Box): string {
  return [0, 1, 2]
    .map((line) => {
      const points = Array.from({ length: 24 }, (_, index) => {
        const share = SHARES[(index + line * 5) % SHARES.length]! * (1 - line * 0.25);
        return `${round(x + (index * width) / 23)},${round(y + height * (1 - share))}`;
      });
      return `<polyline points="${points.join(" ")}" fill="none" stroke="${PALETTE[line * 2]!}" stroke-opacity="0.7" stroke-width="1.5"/>`;
    })
    .join("");
}

interface TextStyle {
  size: number;
  weight?: number;
  fill?: string;
  anchor?: string;
}

function text(x: number, y: number, content: string, { size, weight, fill, anchor }: TextStyle): string {
  if (content === "") return "";
  const attributes = [
    `x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill ?? "#201f1e"}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    anchor === undefined ? "" : ` text-anchor="${anchor}"`,
  ];
  return `<text ${attributes.join("")}>${escape(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
