/**
 * The keys of a JSON text's outermost object, in their order. `JSON.parse` puts numbers first, and
 * of two equal keys it keeps the last without a word.
 *
 * @param json What `JSON.parse` has read as an object.
 * @param refuse Makes the error for an object that has a key twice, from the keys that lead there.
 */
export function keysInOrder(
  json: string,
  refuse: (path: readonly string[]) => Error,
): readonly string[] {
  const outermost = new Set<string>();
  /** The objects and lists around the place, each with its keys so far and the last of them. */
  const around: { readonly keys: Set<string>; key?: string }[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case "{":
      case "[":
        around.push({ keys: around.length === 0 ? outermost : new Set() });
        break;
      case "}":
      case "]":
        around.pop();
        break;
      case '"': {
        const end = endOfText(json, at);
        if (isKey(json, end)) {
          const inside = around.at(-1)!;
          const key: string = JSON.parse(json.slice(at, end));
          inside.key = key;
          if (inside.keys.has(key)) throw refuse(around.flatMap(({ key }) => key ?? []));
          inside.keys.add(key);
        }
        at = end - 1;
      }
    }
  }
  return [...outermost];
}

/** The place behind a text that starts at a quotation mark. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Whether a colon follows. */
function isKey(json: string, end: number): boolean {
  let at = end;
  while (/\s/.test(json[at] ?? "")) at++;
  return json[at] === ":";
}
