"""A whole search put together from pycma, PyTorch and a pool of processes: the peer of
bench/search_speed.ts, which starts it.

    python3 bench/peers/pytorch_search.py FOLDER

FOLDER holds settings.json, and the bytes and the labels of images: train.images and train.labels to
train on, fit.* for the discriminator to learn from, held_out.* to test it on. Prints the versions and
the arrangement that it found fastest, or a line that says what is missing. Then each line on stdin is
a request in JSON, and is answered with a line of JSON:

    {"search": SEED}                    the seconds of a search: of the clock, and of all processors
    {"evaluate": [[GENOME, SEED], ...]} the scores of genomes
"""

import json
import multiprocessing
import os
import pathlib
import sys
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore", module="cma")  # it misses matplotlib

try:
    import cma
    import numpy
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(f"error: {error.name} is not installed", flush=True)
    sys.exit()

torch.set_num_threads(1)
FOLDER = pathlib.Path(sys.argv[1])
SETTINGS = json.loads((FOLDER / "settings.json").read_text())
CLASSES, SIDE = 10, 28
DISCRIMINATOR_RATE = 0.01
CHUNK = 64
POSITION_MEAN, VALUE_MEAN = 0.5, 0.9


def read(name):
    """The images in [0, 1] and their labels."""
    images = numpy.fromfile(FOLDER / f"{name}.images", numpy.uint8)
    labels = numpy.fromfile(FOLDER / f"{name}.labels", numpy.uint8)
    images = torch.from_numpy(images).reshape(-1, 1, SIDE, SIDE).float() / 255
    return images, torch.from_numpy(labels).long()


TRAIN, FIT, HELD_OUT = read("train"), read("fit"), read("held_out")


def conv(channels, filters):
    return [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]


class Trainer:
    """Trains its networks from scratch for each genome; they are built once."""

    def __init__(self, memory_format, loop):
        self.loop = {loop: True}
        self.graynet = nn.Sequential(
            *conv(1, 24), *conv(24, 48), nn.Flatten(),
            nn.Linear(48 * 7 * 7, 256), nn.ReLU(), nn.Linear(256, CLASSES),
        ).to(memory_format=memory_format)
        self.discriminator = nn.Sequential(
            *conv(1, 16), nn.Flatten(), nn.Linear(16 * 14 * 14, 2)
        ).to(memory_format=memory_format)

    def train(self, net, images, labels, epochs, rate):
        for layer in net:
            if hasattr(layer, "weight"):
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        optimizer = torch.optim.Adam(net.parameters(), lr=rate, **self.loop)
        for _ in range(epochs):
            for batch in torch.randperm(len(labels)).split(SETTINGS["batchSize"]):
                optimizer.zero_grad(set_to_none=True)
                functional.cross_entropy(net(images[batch]), labels[batch]).backward()
                optimizer.step()

    def scores(self, genome, seed):
        torch.manual_seed(seed)
        images, labels = TRAIN
        disturbed = disturb(images, labels, genome)
        self.train(
            self.graynet, disturbed, labels, SETTINGS["epochs"], SETTINGS["learningRate"]
        )
        clean_loss, clean_accuracy = test(self.graynet, images, labels)
        disturbed_loss, disturbed_accuracy = test(self.graynet, disturbed, labels)
        self.train(
            self.discriminator, *clean_and_disturbed(FIT, genome),
            SETTINGS["discriminatorEpochs"], DISCRIMINATOR_RATE,
        )
        _, told_apart = test(self.discriminator, *clean_and_disturbed(HELD_OUT, genome))
        return {
            "mismatch": clean_loss - disturbed_loss,
            "cleanAccuracy": clean_accuracy,
            "perturbedAccuracy": disturbed_accuracy,
            "divergence": 2 * told_apart - 1,
        }


@torch.inference_mode()
def test(net, images, labels):
    """Mean loss and accuracy."""
    loss = correct = 0.0
    for chunk, wanted in zip(images.split(CHUNK), labels.split(CHUNK)):
        logits = net(chunk)
        loss += functional.cross_entropy(logits, wanted, reduction="sum").item()
        correct += (logits.argmax(1) == wanted).sum().item()
    return loss / len(labels), correct / len(labels)


def disturb(images, labels, genome):
    """Adds the pixel of each image's class: row, column and value are coordinates in [0, 1]."""
    pixels = torch.tensor(genome, dtype=torch.float64).reshape(CLASSES, 3)
    places = (SIDE * pixels[:, :2]).floor().clamp(max=SIDE - 1).long()
    rows, columns = places[labels].unbind(1)
    values = (2 * pixels[:, 2] - 1).float()[labels]
    disturbed, every = images.clone(), torch.arange(len(labels))
    disturbed[every, 0, rows, columns] += values
    return disturbed.clamp_(0, 1)


def clean_and_disturbed(half, genome):
    """Every image twice: 1 is clean, 0 is disturbed."""
    images, labels = half
    return (
        torch.cat([images, disturb(images, labels, genome)]),
        torch.cat([torch.ones_like(labels), torch.zeros_like(labels)]),
    )


def arrangements():
    """Memory formats and optimiser loops; early versions have no fused one for processors."""
    for memory_format in (torch.contiguous_format, torch.channels_last):
        for loop in ("foreach", "fused"):
            try:
                torch.optim.Adam([nn.Parameter(torch.zeros(1))], **{loop: True})
            except RuntimeError:
                continue
            yield f"{str(memory_format).removeprefix('torch.')}, {loop}", memory_format, loop


def fastest():
    """The arrangement whose evaluation takes the least time of the processor."""
    times = {}
    for name, *arrangement in arrangements():
        one = Trainer(*arrangement)
        one.scores(start(), 1)
        times[name] = min(timed(lambda: one.scores(start(), 1))[1] for _ in range(3))
    return min(times, key=times.get)


def start():
    return [POSITION_MEAN, POSITION_MEAN, VALUE_MEAN] * CLASSES


def prepare(chosen):
    """Each process of a pool builds its networks once."""
    global trainer
    trainer = next(Trainer(*one) for name, *one in arrangements() if name == chosen)


def evaluate(job):
    return trainer.scores(*job)


class Pool:
    """Processes that end with the block, so that their time counts."""

    def __init__(self, arrangement):
        self.pool = multiprocessing.Pool(SETTINGS["workers"], prepare, [arrangement])

    def __enter__(self):
        return lambda jobs: self.pool.map(evaluate, jobs, chunksize=1)

    def __exit__(self, *error):
        self.pool.close()
        self.pool.join()


def search(seed, arrangement):
    strategy = cma.CMAEvolutionStrategy(start(), SETTINGS["sigma"], {
        "bounds": [0, 1], "popsize": SETTINGS["population"], "seed": seed, "verbose": -9,
    })
    with Pool(arrangement) as scores_of:
        for generation in range(SETTINGS["generations"]):
            points = strategy.ask()
            jobs = [
                (list(point), 1000 * seed + generation * len(points) + index)
                for index, point in enumerate(points)
            ]
            strategy.tell(points, [
                -scores["mismatch"] - scores["divergence"] for scores in scores_of(jobs)
            ])


def timed(work):
    """Seconds of the clock, and of the processors."""
    started_at, used = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - started_at, sum(os.times()[:4]) - used


def main():
    # In a process of its own, so that those of the searches are forked from one that has not trained.
    with multiprocessing.Pool(1) as trial:
        arrangement = trial.apply(fastest)
    versions = f"PyTorch {torch.__version__}, pycma {cma.__version__}, numpy {numpy.__version__}"
    print(f"{versions}; {arrangement}", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "search" in request:
            answer = timed(lambda: search(request["search"], arrangement))
        else:
            with Pool(arrangement) as scores_of:
                answer = scores_of(request["evaluate"])
        print(json.dumps(answer), flush=True)


main()
