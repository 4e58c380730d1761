import { checkInputGradients } from "./check_input_gradients.ts";
import { cases } from "./layer_cases.ts";
import { backends } from "./tfjs_backends.ts";

for (const [what, network] of Object.entries(cases)) {
  if (network.flat) continue; // Between equal pixels there is no one slope.
  Deno.test(
    `the slopes of ${what} by its pixels are differences of the loss on TensorFlow.js`,
    () => checkInputGradients(network, backends),
  );
}
