import { type LayerKind, type NamedLayer, plain } from "./layer_kind.ts";

/** The channels of layers one after another. */
export interface Concat extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "concat";
  /** Two or more layers. */
  readonly inputs: readonly string[];
}

/** See {@linkcode Concat}. */
export const concat: LayerKind<Concat> = {
  schema: {},
  samples: "alone",
  featureMaps: "keeps",
  place(_, check) {
    const shapes = check.several();
    const [, height, width] = shapes[0]!;
    const fit = shapes.every((shape) =>
      shape.length === 3 && shape[1] === height && shape[2] === width
    );
    if (!fit) throw check.mismatch("images of one height and width");
    const channels = shapes.reduce((sum, shape) => sum + shape[0]!, 0);
    return plain([channels, height!, width!]);
  },
};
