/**
 * Whether a tag, whose `*` stands for text that is not known (a file's name), could match a `match` pattern, whose `*`
 * stands for any text.
 */
export function couldMatch(tag: string, pattern: string): boolean {
  const memo = new Map<string, boolean>();
  const matches = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    let result: boolean;
    if (i === tag.length && j === pattern.length) result = true;
    else if (tag[i] === "*") result = matches(i + 1, j) || (j < pattern.length && matches(i, j + 1));
    else if (pattern[j] === "*") result = matches(i, j + 1) || (i < tag.length && matches(i + 1, j));
    else result = i < tag.length && tag[i] === pattern[j] && matches(i + 1, j + 1);
    memo.set(key, result);
    return result;
  };
  return matches(0, 0);
}

/** Whether a tail input's path takes a file: as in a shell, `*` does not cross a "/". */
export function pathTakes(glob: string, file: string): boolean {
  return globToRegExp(glob, "[^/]").test(file);
}

/** Whether a tail input's exclude_path takes a file out: there `*` crosses a "/" (fnmatch without FNM_PATHNAME). */
export function excludeTakes(glob: string, file: string): boolean {
  return globToRegExp(glob, ".").test(file);
}

function globToRegExp(glob: string, anyCharacter: string): RegExp {
  const pattern = glob
    .trim()
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("?", anyCharacter)
    .replaceAll("*", `${anyCharacter}*`);
  return new RegExp(`^${pattern}$`);
}
