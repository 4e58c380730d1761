import { assertEquals, assertThrows } from "@std/assert";
import {
  checkDefences,
  type DefenceName,
  defenceNames,
  planDefences,
  whyUseless,
} from "../../../datasets/defences/defences.ts";

const colour = { shape: [3, 32, 32], isAugmented: false } as const;
const grey = { shape: [1, 28, 28], isAugmented: false } as const;

Deno.test("every defence can stand alone", () => {
  for (const name of defenceNames) assertEquals(checkDefences([name], colour), [name]);
  assertEquals(checkDefences([], colour), []);
});

Deno.test("defences that do nothing, or cannot follow each other, are refused in one line", () => {
  const refuses = (
    names: string[],
    message: string,
    defended: typeof colour | typeof grey = colour,
  ) => assertThrows(() => checkDefences(names, defended), RangeError, message);
  refuses(["cutoff"], "Cannot defend: expected some of standard, cutout, cutmix");
  refuses(["constructor"], "received constructor");
  refuses(["jpeg", "cutout", "jpeg"], "Cannot defend: jpeg is there twice");
  refuses(["gray"], "it is for images of 3 channels, and these have 1", grey);
  refuses(["cutmix", "cutout"], "Cannot defend with cutout after cutmix: ");
  refuses(["adversarial", "jpeg"], "Cannot defend with jpeg after adversarial: ");
  refuses(["cutmix", "mixup"], "Cannot defend with mixup after cutmix: images are mixed once");
  assertThrows(
    () => checkDefences(["standard"], { ...colour, isAugmented: true }),
    RangeError,
    "Cannot defend with standard: the images are augmented already",
  );
  assertEquals(whyUseless("jpeg", grey), undefined);
});

Deno.test("filters that come first are done once, and the others in their order", () => {
  const kinds = (...names: DefenceName[]) => {
    const { filters, others } = planDefences(names);
    return [filters.map(({ kind }) => kind), others.map(({ kind }) => kind)];
  };
  assertEquals(kinds(), [[], []]);
  assertEquals(kinds("gray", "jpeg"), [["filter", "filter"], []]);
  assertEquals(kinds("jpeg", "cutout", "median", "mixup", "adversarial"), [
    ["filter"],
    ["random", "filter", "mixture", "attack"],
  ]);
});
