"""PyTorch's side of bench/training.ts and bench/training_gpu.ts.

    pytorch_training.py NETWORK WORK BATCH_SIZE BATCHES DEVICE MODE

DEVICE is cpu or cuda:N. MODE is eager, or graphs to replay a step recorded as a CUDA graph. Prints
the arrangement it found fastest, then runs BATCHES batches for each line on stdin and answers with
the seconds of processor time that they took.
"""

import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
torch.manual_seed(1)
NETWORK, WORK, BATCH_SIZE, BATCHES = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
DEVICE, GRAPHS = sys.argv[5], sys.argv[6] == "graphs"
if DEVICE != "cpu" and not torch.cuda.is_available():
    print("error: PyTorch finds no CUDA", flush=True)
    sys.exit()


def conv(channels, filters):
    return [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]


def graynet():
    return nn.Sequential(
        *conv(1, 24), nn.MaxPool2d(2), *conv(24, 48), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(2352, 256), nn.ReLU(), nn.Linear(256, 10),
    ), (1, 28, 28)


def colornet():
    layers, channels = [], 3
    for filters in (32, 64, 128):
        layers += [*conv(channels, filters), *conv(filters, filters), nn.MaxPool2d(2)]
        channels = filters
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(2048, 512), nn.ReLU(), nn.Linear(512, 10)
    ), (3, 32, 32)


class Residual(nn.Module):
    """Two convolutions with an option-A shortcut."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters),
            nn.ReLU(inplace=True),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters),
        )
        self.stride, self.missing = stride, filters - channels

    def forward(self, x):
        short = x
        if self.stride > 1:
            short = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.missing))
        return functional.relu(self.main(x) + short, inplace=True)


def resnet20():
    layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for stage, filters in enumerate((16, 32, 64)):
        for block in range(3):
            layers.append(Residual(channels, filters, 2 if stage > 0 and block == 0 else 1))
            channels = filters
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)
    ), (3, 32, 32)


class Grow(nn.Module):
    """One layer of a dense block."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.conv = nn.Conv2d(channels, 12, 3, 1, 1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(functional.relu(self.norm(x), inplace=True))], 1)


def densenet40():
    layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False)], 16
    for block in range(3):
        for _ in range(12):
            layers.append(Grow(channels))
            channels += 12
        layers += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
        if block < 2:
            layers += [nn.Conv2d(channels, channels, 1, bias=False), nn.AvgPool2d(2)]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)
    ), (3, 32, 32)


NETWORKS = {
    "graynet": graynet, "colornet": colornet, "resnet20": resnet20, "densenet40": densenet40
}


def prepare(memory_format, foreach):
    """A function that runs one batch."""
    net, shape = NETWORKS[NETWORK]()
    net = net.to(DEVICE, memory_format=memory_format)
    images = torch.rand(BATCH_SIZE, *shape).to(DEVICE, memory_format=memory_format)
    labels = torch.randint(0, 10, (BATCH_SIZE,)).to(DEVICE)
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=foreach, capturable=GRAPHS)

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(images), labels)
        loss.backward()
        optimizer.step()
        return [loss]

    def evaluate():
        with torch.no_grad() if GRAPHS else torch.inference_mode():
            logits = net(images)
            return [loss_of(logits, labels), (logits.argmax(1) == labels).sum()]

    if WORK == "evaluate":
        net.eval()
    step = train if WORK == "train" else evaluate
    if GRAPHS:
        step = recorded(step)

    def run():
        for value in step():
            value.item()

    return run


def recorded(step):
    """The same step as a CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        values = step()

    def replay():
        graph.replay()
        return values

    return replay


def seconds(run):
    """Processor time, which others on the machine change little; a GPU's work is waited for."""
    clock = time.process_time if DEVICE == "cpu" else time.perf_counter
    run()
    start = clock()
    for _ in range(max(2, BATCHES // 2)):
        run()
    return clock() - start


arrangements = {
    f"{'channels_last' if memory_format == torch.channels_last else 'contiguous'}"
    f"{', foreach' if foreach else ''}": prepare(memory_format, foreach)
    for memory_format in (torch.contiguous_format, torch.channels_last)
    for foreach in ((False, True) if WORK == "train" else (False,))
}
times = {name: min(seconds(run) for _ in range(2)) for name, run in arrangements.items()}
best = min(times, key=times.get)
run = arrangements[best]
print(best, flush=True)
for _ in sys.stdin:
    start = time.process_time()
    for _ in range(BATCHES):
        run()
    print(time.process_time() - start, flush=True)
