import { checkGradients } from "./engine_gradients.ts";
import { cases } from "./layer_cases.ts";
import { backends } from "./tfjs_backends.ts";

for (const [what, network] of Object.entries(cases)) {
  Deno.test(
    `the gradients of ${what} are the slopes of the loss on TensorFlow.js`,
    () => checkGradients(network, backends),
  );
}
