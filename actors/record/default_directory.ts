/**
 * The folder of a run that was given none.
 *
 * @module
 */

/** Those that this process has named: two runs of one second have two folders. */
const named = new Set<string>();

/**
 * `runs/NAME-TIME`, with a number behind it if this process has named it before.
 *
 * @param path What the run is about: its last part is the name.
 */
export function defaultDirectory(path: string): string {
  const name = /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0].replace(/^\.+$/, "") || "run";
  const time = new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
  const directory = `runs/${name}-${time}`;
  let free = directory;
  for (let number = 2; named.has(free); number++) free = `${directory}-${number}`;
  named.add(free);
  return free;
}
