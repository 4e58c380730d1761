/** Writes a line to the file that its URL names for each call, and returns no number. */
const path = decodeURIComponent(new URL(import.meta.url).searchParams.get("calls")!);

export const evaluate = ([x]: readonly number[]): unknown => {
  Deno.writeTextFileSync(path, `${x}\n`, { append: true });
  return x! < 0 ? "7" : 7n;
};
