/**
 * Where a NATS server is and how to be let in: options of commands, environment variables, and what
 * calls take. Secrets stand in files or environment variables, which others on the machine do not see,
 * and never in `config.json`, the journal or a log.
 *
 * @module
 */
import * as v from "valibot";
import { ConfigurationError, list, text } from "../../options.ts";
import { type Need, reads, requirePermissions } from "../../permissions.ts";

/** A NATS server, and how to be let in. */
export interface NatsOptions {
  /** Its address, `nats://HOST:4222` or `tls://HOST:4222`, or those of a cluster's servers. */
  readonly servers: string | readonly string[];
  /** Default: none. */
  readonly token?: string | undefined;
  /** Default: none. */
  readonly user?: string | undefined;
  /** Of the user. Default: none. */
  readonly password?: string | undefined;
  /** Path of a file with the seed of an nkey. Default: none. */
  readonly nkey?: string | undefined;
  /** Path of a file with the certificates of who signs the server's. Default: the system's. */
  readonly ca?: string | undefined;
  /** Path of a file with this client's certificate. Default: none. */
  readonly cert?: string | undefined;
  /** Path of a file with the certificate's key. Default: none. */
  readonly key?: string | undefined;
  /**
   * Where a search gives its training images to workers that lack them, as HOST:PORT; it listens there,
   * and workers ask for it by that name. Default: it does not.
   */
  readonly shareData?: string | undefined;
}

const file = (description: string) => v.optional(text("the path of a file", description));

/** What a command needs to use a NATS server. */
export const natsEntries = {
  nats: v.optional(
    list(
      "a list of addresses such as nats://HOST:4222",
      "a NATS server with JetStream, by which workers on other hosts take part; " +
        "MDDES_NATS_TOKEN, or MDDES_NATS_USER and MDDES_NATS_PASSWORD, let in",
    ),
  ),
  natsNkey: file("the seed of an nkey, which lets in"),
  natsCa: file("certificates of who signs the server's; asks for TLS"),
  natsCert: file("this host's certificate, for a server that asks for one"),
  natsKey: file("the key of that certificate"),
};

/** What a command that searches needs. */
export const searchNatsEntries = {
  ...natsEntries,
  shareData: v.optional(
    text(
      "an address HOST:PORT of this host",
      "where workers that lack the training images of a published set get them",
    ),
  ),
};

const NATS_FLAGS = ["natsNkey", "natsCa", "natsCert", "natsKey", "shareData"] as const;

/** The values of {@linkcode searchNatsEntries}, or of some of them. */
export type NatsFlags = { readonly [Name in keyof typeof searchNatsEntries]?: unknown };

const VARIABLES = {
  token: "MDDES_NATS_TOKEN",
  user: "MDDES_NATS_USER",
  password: "MDDES_NATS_PASSWORD",
} as const;

/**
 * What a command was given; nothing if it was given no server.
 *
 * @throws {ConfigurationError} If something is given that means nothing without a server, or Deno does
 * not allow to look for secrets in the environment.
 */
export function natsFrom(given: NatsFlags): NatsOptions | undefined {
  const { nats, natsNkey, natsCa, natsCert, natsKey, shareData } = given as Readonly<
    Record<keyof typeof searchNatsEntries, string | undefined>
  >;
  if (nats === undefined) {
    const idle = NATS_FLAGS.find((name) => given[name] !== undefined);
    if (idle === undefined) return undefined;
    throw new ConfigurationError((nameOf) =>
      `Option ${nameOf(idle)} means something only with ${nameOf("nats")}`
    );
  }
  const names = Object.values(VARIABLES);
  requirePermissions(names.map((variable): Need => ({
    permission: { name: "env", variable },
    value: variable,
    purpose: "what lets in to the NATS server",
  })));
  const [token, user, password] = names.map((name) => Deno.env.get(name) || undefined);
  return {
    servers: nats,
    token,
    user,
    password,
    nkey: natsNkey,
    ca: natsCa,
    cert: natsCert,
    key: natsKey,
    shareData,
  };
}

/** Without the options of a server. */
export function withoutNats<T extends NatsFlags>(
  options: T,
): Omit<T, keyof typeof searchNatsEntries> {
  const { nats: _, natsNkey: _n, natsCa: _a, natsCert: _c, natsKey: _k, shareData: _s, ...rest } =
    options;
  return rest;
}

/** The servers' names and ports. */
export function hostsOf({ servers }: NatsOptions): string[] {
  return [servers].flat().map((server) => {
    const refuse = (why: string) =>
      new ConfigurationError((nameOf) =>
        `Option ${nameOf("nats")} must be an address such as nats://HOST:4222, ${why}`
      );
    if (typeof server !== "string" || !/^(nats|tls):\/\//.test(server) || !URL.canParse(server)) {
      throw refuse(`received ${JSON.stringify(`${server}`.replace(/\/\/[^/]*@/, "//"))}`);
    }
    const { hostname, port, username, password, pathname, search, hash } = new URL(
      server.replace(/^\w+/, "http"),
    );
    if (username !== "" || password !== "") {
      throw refuse("without what lets in, which belongs into MDDES_NATS_USER or MDDES_NATS_TOKEN");
    }
    if (hostname === "" || !["", "/"].includes(pathname) || search !== "" || hash !== "") {
      throw refuse(`received ${JSON.stringify(server)}`);
    }
    return `${hostname}:${port || 4222}`;
  });
}

/**
 * Where images are shared.
 *
 * @throws {ConfigurationError} If it is no address that others can ask for.
 */
export function addressOf(shareData: string): { readonly hostname: string; readonly port: number } {
  const [, name, ipv6, port] = /^(?:([\w.-]+)|\[([\da-f:]+)\]):(\d{1,5})$/i.exec(shareData) ?? [];
  const hostname = name ?? ipv6;
  const isEverywhere = hostname === "0.0.0.0" || hostname === "::";
  if (hostname !== undefined && Number(port) < 65_536 && !isEverywhere) {
    return { hostname, port: Number(port) };
  }
  throw new ConfigurationError((nameOf) =>
    `Option ${
      nameOf("shareData")
    } must be an address HOST:PORT of this host by which workers reach ` +
    `it, received ${JSON.stringify(shareData)}`
  );
}

/** What Deno must allow to reach a server, and to share images. */
export function natsNeeds(options: NatsOptions): Need[] {
  const { nkey, ca, cert, key, shareData } = options;
  if (shareData !== undefined) addressOf(shareData);
  const files = [nkey, ca, cert, key].filter((path) => path !== undefined);
  return [
    ...hostsOf(options).map((host): Need => ({
      permission: { name: "net", host },
      value: host,
      purpose: "the NATS server",
    })),
    ...(shareData === undefined ? [] : [
      {
        permission: { name: "net", host: shareData },
        value: shareData,
        purpose: "the images that are shared",
      } satisfies Need,
    ]),
    ...files.map((path) => reads(path, "what lets in to the NATS server")),
  ];
}
