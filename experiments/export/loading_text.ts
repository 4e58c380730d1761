/**
 * How an export is loaded, in a line for each library.
 *
 * @module
 */
import { basename } from "node:path";
import { quoted } from "../../command_text.ts";
import type { DisturbedSet } from "./disturbed_set.ts";
import type { Target } from "./target.ts";

/** The part of a data card for whoever wants to use the images, as Markdown. */
export function loadingText(target: Target, set: DisturbedSet): string {
  const name = basename(target.path);
  return target.kind === "npz" ? npzText(name, target, set) : folderText(name, set);
}

function npzText(file: string, { disturbance }: Target, { train }: DisturbedSet): string {
  const isGrey = train.shape[0] === 1;
  return `The file has the arrays \`x_train\`, \`y_train\`, \`x_test\` and \`y_test\`, as Keras's
\`mnist.npz\` has them: images uint8 [N, height, width${
    isGrey ? "" : ", channels"
  }], labels uint8 [N].

\`\`\`python
data = np.load(${JSON.stringify(file)})
# PyTorch
train = TensorDataset(torch.from_numpy(data["x_train"])${
    isGrey ? "[:, None]" : ".permute(0, 3, 1, 2)"
  } / 255, torch.from_numpy(data["y_train"]).long())
# Keras
model.fit(data["x_train"]${isGrey ? "[..., None]" : ""} / 255, data["y_train"])
\`\`\`

\`\`\`sh
# mddes, which disturbs the original images itself
mddes evaluate --disturbance ${quoted(disturbance)} --dataset ${quoted(datasetOf(train.dataset))}
\`\`\`
`;
}

function folderText(folder: string, { train }: DisturbedSet): string {
  const [channels, height, width] = train.shape;
  const isGrey = channels === 1;
  return `Each image is \`HALF/CLASS/NUMBER.png\`; the number is its position in the half, from 0.

\`\`\`python
# PyTorch
train = ImageFolder(${JSON.stringify(`${folder}/train`)}, ${
    isGrey ? "Compose([Grayscale(), ToTensor()])" : "ToTensor()"
  })
# Keras
train = keras.utils.image_dataset_from_directory(${
    JSON.stringify(`${folder}/train`)
  }, image_size=(${height}, ${width})${isGrey ? ', color_mode="grayscale"' : ""})
\`\`\`

\`\`\`sh
# mddes: clean trains on the images as they are
mddes evaluate --disturbance ${quoted(`${folder}/disturbance.json`)} --dataset ${
    quoted(folder)
  } --methods clean
\`\`\`
`;
}

/** As whoever has the images, too, would write it. */
function datasetOf(dataset: string): string {
  return dataset.replace(/.*\//s, "");
}
