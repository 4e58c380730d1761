/** A dashboard that is served for a test. */
import { Dashboard } from "../../../experiments/dashboard/app.ts";
import { serve } from "../../../experiments/dashboard/serve.ts";

export interface Served extends AsyncDisposable {
  readonly dashboard: Dashboard;
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
}

/** Serve a folder of runs on this machine. */
export async function served(
  folder: string,
  { port: wanted = 0, token }: { readonly port?: number; readonly token?: string } = {},
): Promise<Served> {
  const dashboard = new Dashboard(folder);
  const stop = new AbortController();
  const access = { host: "127.0.0.1", port: wanted, token };
  const { port, finished } = await serve(dashboard, access, stop.signal);
  return {
    dashboard,
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await finished;
    },
  };
}

/** Wait until something is true. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
