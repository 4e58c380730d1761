/**
 * Gives the training images of a search to workers that lack them, by HTTP: these bytes, in ranges, to who
 * has the token; nothing else.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Split } from "../../datasets/mod.ts";
import { isKnownName, KNOWN_DATASETS } from "../../datasets/mod.ts";
import { sharedBytesOf, sharedTrain } from "../../datasets/published/shared_train.ts";
import { ConfigurationError } from "../../options.ts";
import type { RunRecord } from "./messages.ts";
import { addressOf } from "./nats_options.ts";

/** So many bytes are copied at a time. */
const CHUNK = 256 * 1024;

/** Images that are given, until disposed of. */
export interface SharedImages extends AsyncDisposable {
  /** What a worker must know. */
  readonly offer: NonNullable<RunRecord["images"]>;
}

/**
 * Begins to give images.
 *
 * @param address Where to listen, as HOST:PORT; workers ask for it by the same name.
 * @returns Nothing if every host has them: they come with the program.
 * @throws {ConfigurationError} If they are not those of a published set, or nobody can listen there.
 */
export async function shareImages(
  split: Split<"train">,
  address: string,
): Promise<SharedImages | undefined> {
  const { dataset } = split;
  const { hostname, port } = addressOf(address);
  if (dataset === "synthetic") return undefined;
  if (!isKnownName(dataset)) {
    throw new ConfigurationError(
      `Cannot share the images of ${dataset}: only published sets are; copy the folder to the same ` +
        `path on each worker`,
    );
  }
  if (await KNOWN_DATASETS[dataset].embedded?.isThere()) return undefined;
  const shared = sharedTrain(split);
  const name = `train-${shared.sha256.slice(0, 16)}`;
  const token = crypto.getRandomValues(new Uint8Array(32)).toHex();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(
      { hostname, port, onListen: () => {}, onError: () => new Response(null, { status: 500 }) },
      (request) => {
        if (!isRight(request.headers.get("authorization"), `Bearer ${token}`)) return refuse(401);
        if (request.method !== "GET") return refuse(405);
        if (new URL(request.url).pathname !== `/${name}`) return refuse(404);
        return rangeOf(split, shared.bytes, request.headers.get("range"));
      },
    );
  } catch (error) {
    throw new ConfigurationError(
      `Cannot share images at ${address}: ${(error as Error).message.replace(/ \(os .*/, "")}`,
      { cause: error },
    );
  }
  return {
    offer: {
      ...shared,
      server: `http://${address.replace(/\d+$/, `${server.addr.port}`)}/`,
      token,
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function refuse(status: number): Response {
  return new Response(null, { status });
}

/** Takes as long whatever is wrong. */
function isRight(given: string | null, wanted: string): boolean {
  const [one, other] = [given ?? "", wanted].map((text) =>
    createHash("sha256").update(text).digest()
  );
  return timingSafeEqual(one!, other!);
}

/** From a byte on, or all; other ranges are not asked for. */
function rangeOf(split: Split<"train">, total: number, range: string | null): Response {
  const from = range === null ? 0 : Number(/^bytes=(\d{1,15})-$/.exec(range)?.[1] ?? NaN);
  if (!(from < total)) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${total}` } });
  }
  let at = from;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const end = Math.min(total, at + CHUNK);
      controller.enqueue(sharedBytesOf(split, at, end));
      at = end;
      if (at === total) controller.close();
    },
  });
  return new Response(body, {
    status: range === null ? 200 : 206,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": `${total - from}`,
      ...(range !== null && { "content-range": `bytes ${from}-${total - 1}/${total}` }),
    },
  });
}
