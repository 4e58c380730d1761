import { type LayerKind, type NamedLayer, plain } from "./layer_kind.ts";

/** The sum of layers of one shape. */
export interface Add extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "add";
  /** Two or more layers. */
  readonly inputs: readonly string[];
}

/** See {@linkcode Add}. */
export const add: LayerKind<Add> = {
  schema: {},
  samples: "alone",
  featureMaps: "keeps",
  place(_, check) {
    const [first, ...others] = check.several();
    for (const other of others) {
      if (`${other}` !== `${first}`) throw check.mismatch("equal shapes");
    }
    return plain(first!);
  },
};
