/** The entry points that need no actors. */
import { loadTrain } from "@mddes/mddes/datasets";
import { ask, createState, Random } from "@mddes/mddes/evolution";
import { grayNet, parameterCount } from "@mddes/mddes/models";

const { count, shape } = await loadTrain("mnist");
console.log(`${count} images of ${shape.join("x")}`);
console.log(`${parameterCount(grayNet(shape, 10))} parameters`);
const [, candidates] = ask(createState({ mean: [0, 0], sigma: 1 }), new Random(1));
console.log(`${candidates.length} candidates`);
