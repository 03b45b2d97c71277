/** An expression under a new identifier, which nothing else in the statement bears. */
export interface Selected {
  value: string;
  as: string;
}

const identifiers = /"[A-Za-z_$][^"]*#\d+"/g;
const mark = /\0(\d+)\0/g;

/**
 * The SELECT lists of a statement, written when all of it is known: what nothing reads is left out. A table has a hundred
 * columns of which a query reads a few, and DuckDB takes longer to plan the rest away than to run the query.
 */
export class SelectLists {
  readonly #lists: { items: Selected[]; isExtended: boolean }[] = [];

  /**
   * @param isExtended whether all columns of the input stay.
   * @returns `SELECT …`, as a mark that `resolve` replaces; a NUL stands nowhere else in a statement.
   */
  add(items: Selected[], isExtended = false): string {
    this.#lists.push({ items, isExtended });
    return `\0${this.#lists.length - 1}\0`;
  }

  /**
   * The statement with its lists.
   * @param output the identifiers that are read of its rows.
   */
  resolve(sql: string, output: string[]): string {
    const used = new Set(output);
    const read = (text: string) => {
      for (const [name] of text.matchAll(identifiers)) used.add(name);
    };
    read(sql);
    const texts: string[] = [];
    // What reads a list has been made after it.
    for (let index = this.#lists.length - 1; index >= 0; index--) {
      const { items, isExtended } = this.#lists[index]!;
      const kept = items.filter(({ as }) => used.has(as));
      for (const { value } of kept) read(value);
      const list = [...(isExtended ? ["*"] : []), ...kept.map(({ value, as }) => `${value} AS ${as}`)];
      texts[index] = `SELECT ${list.length > 0 ? list.join(", ") : "NULL"}`;
    }
    const written = (text: string): string => text.replace(mark, (_, index: string) => written(texts[Number(index)]!));
    return written(sql);
  }
}
