/**
 * What a table holds under a name.
 *
 * @param what What the table holds, with its article: `a network`.
 * @throws {RangeError} If there is nothing; the message lists the names.
 */
export function findByName<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new RangeError(
    `Cannot choose ${what}: expected one of ${Object.keys(table).join(", ")}, received "${name}"`,
  );
}
