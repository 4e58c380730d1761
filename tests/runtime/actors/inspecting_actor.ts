/** Says what its surroundings allow it to see. */
import { assertEquals } from "@std/assert";
import type { Start } from "../../../actors/runtime/mod.ts";

export interface In {
  readonly type: "Inspect";
  readonly what: "permissions" | "environment" | "import map";
}
export interface Out {
  readonly type: "Found";
  readonly found: unknown;
}

export const start: Start<undefined, In, Out> = () => ({
  receive({ what }, context) {
    context.reply({ type: "Found", found: inspect(what) });
  },
});

function inspect(what: In["what"]): unknown {
  switch (what) {
    case "permissions": {
      const names = ["read", "write", "net", "env", "run"] as const;
      return Object.fromEntries(names.map((name) => {
        const { state } = Deno.permissions.querySync({ name });
        return [name, state === "granted" ? "granted" : "denied"]; // or "prompt", which is denied
      }));
    }
    case "environment": {
      const names = ["CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "RUNTIME_TEST_INHERITED"];
      return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
    }
    case "import map":
      return typeof assertEquals;
  }
}
