/** No letter or digit lies beyond: what follows is unassigned, tags and private use. */
export const wordCharacterEnd = 0x3_4000;

let made: string | undefined;

/**
 * Which characters are letters or digits (Unicode's L and N), as this Node knows them.
 * @returns for each code point below 0x34000 `1` for a letter or digit and `0` for others; the last is `0`.
 */
export function wordCharacterBits(): string {
  return (made ??= makeBits());
}

function makeBits(): string {
  const isWord = /[\p{L}\p{N}]/u;
  const bits: string[] = [];
  for (let code = 0; code < wordCharacterEnd; code++) bits.push(isWord.test(String.fromCodePoint(code)) ? "1" : "0");
  return bits.join("");
}
