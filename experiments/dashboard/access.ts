/**
 * Who may look: only who asks for this server by its own name, and who has the token if there is one.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** An address that any page on the same machine can be reached by. */
const EVERYWHERE = "0.0.0.0";

/** What the server was started with. */
export interface Access {
  readonly host: string;
  readonly port: number;
  /** `undefined` only on 127.0.0.1. */
  readonly token: string | undefined;
}

/**
 * Refuses a request under another name, as a page of somebody else would send whose name was made to
 * lead here.
 */
export function onlyOwnName({ host, port }: Access): MiddlewareHandler {
  const names = ["127.0.0.1", "localhost", host];
  return async (context, next) => {
    const asked = context.req.header("host") ?? "";
    const [, name = "", given = "80"] = /^(.*?)(?::(\d+))?$/.exec(asked) ?? [];
    // Names can be made to lead anywhere, numbers cannot.
    const isNumber = host === EVERYWHERE && /^\d+\.\d+\.\d+\.\d+$/.test(name);
    if (Number(given) === port && (names.includes(name) || isNumber)) return await next();
    return context.text(`Expected a request to ${host}:${port}, received one to ${asked}\n`, 421);
  };
}

/** Refuses who has no token. It is given once, in the address, and kept in a cookie. */
export function onlyWithToken({ port, token }: Access): MiddlewareHandler {
  const name = `mddes-${port}`;
  return async (context, next) => {
    if (token === undefined) return await next();
    const given = context.req.query("token");
    if (!isSame(given ?? getCookie(context, name), token)) {
      return context.text("A token is needed: put ?token=TOKEN behind the address\n", 401);
    }
    if (given === undefined) return await next();
    setCookie(context, name, token, { httpOnly: true, sameSite: "Lax", path: "/" });
    const url = new URL(context.req.url);
    url.searchParams.delete("token");
    // Two slashes would lead to another server.
    return context.redirect(`${url.pathname.replace(/^\/+/, "/")}${url.search}`);
  };
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string | undefined, token: string): boolean {
  const [left, right] = [given ?? "", token].map((text) =>
    createHash("sha256").update(text).digest()
  );
  return timingSafeEqual(left!, right!);
}
