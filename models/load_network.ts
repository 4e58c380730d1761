/**
 * A network by its name, or from a file of one's own.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Network, placeLayers } from "./network.ts";
import { checkNetwork } from "./network_schema.ts";
import { loadInProcess, type LoadNetworkOptions } from "./network_process.ts";
import { networkByName, networkNames } from "./networks.ts";
import type { ImageShape } from "./shape.ts";

/**
 * The name of a network as it is, or the URL of a network's file.
 *
 * @param network A name, or the path or `file:` URL of a module. A path begins with `.` or `/`, or
 * ends with `.ts` or `.js`; it is relative to the working directory.
 * @throws {RangeError} If it is neither a known name nor a path.
 */
export function locateNetwork(network: string): string {
  if (network.startsWith("file:") && URL.canParse(network)) return new URL(network).href;
  if (/[/\\]|\.m?[jt]s$/.test(network)) return pathToFileURL(network).href;
  if (networkNames.includes(network)) return network;
  throw new RangeError(
    `Cannot choose a network: expected one of ${networkNames.join(", ")} or the path of a file, ` +
      `received "${network}"`,
  );
}

/**
 * A network for images of a shape and a number of classes. A file of one's own is a module that
 * exports by default what builds the network, at once or in a promise, or the network itself. It is
 * loaded in a process of its own, which may read files and nothing else; this needs `--allow-run`.
 *
 * @param network As for {@linkcode locateNetwork}.
 * @param options For a file: a time limit, and a signal that ends the loading.
 * @returns The network; its layers fit each other.
 * @throws {RangeError} If there is no such network, or a size is out of range.
 * @throws {TypeError} If a file does not hold a network or takes too long, or the layers do not fit
 * each other, the images or the classes.
 */
export async function loadNetwork(
  network: string,
  input: ImageShape,
  classes: number,
  options?: LoadNetworkOptions,
): Promise<Network> {
  const location = locateNetwork(network);
  const built = location.startsWith("file:")
    ? await fromFile(location, input, classes, options)
    : networkByName(location)(input, classes);
  placeLayers(built);
  return built;
}

/** `undefined` for a URL that names no file of this machine. */
function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

async function fromFile(
  url: string,
  input: ImageShape,
  classes: number,
  options: LoadNetworkOptions | undefined,
): Promise<Network> {
  const path = pathOf(url);
  const refuse = (why: string, cause?: unknown) =>
    new TypeError(`Cannot use the network in ${path ?? url}: ${why}`, { cause });
  const file = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (file?.isDirectory()) throw refuse("it is a folder, and not a file");
  if (!file?.isFile()) throw refuse("there is no such file");
  let network: Network;
  try {
    network = checkNetwork(await loadInProcess(url, input, classes, options));
  } catch (error) {
    options?.signal?.throwIfAborted();
    throw refuse((error as Error).message, error);
  }
  if (`${network.input}` !== `${input}` || network.classes !== classes) {
    throw refuse(
      `it is for images of [${network.input.join(", ")}] and ${network.classes} classes, ` +
        `received [${input.join(", ")}] and ${classes}`,
    );
  }
  return network;
}
