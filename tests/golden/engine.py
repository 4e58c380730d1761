"""Reference runs of residual and dense networks in 64-bit arithmetic with PyTorch.

    apt-get install python3-torch
    /usr/bin/python3 tests/golden/engine.py

writes engine_resnet18.json, engine_resnet20.json, engine_resnet32.json and engine_densenet40.json next
to this file, or those that are named as arguments. Weights and images follow the conventions below, so
that only results are stored.
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

BATCH = 16
CHANNELS = 3
STEPS = 3

# With 1e-8, gradients near 0 move weights as far as others do, in a direction that is
# chance in 32-bit arithmetic: PyTorch's own 32-bit RMSprop is then off by 0.4 % after three steps.
EPSILON = 1e-3

OPTIMIZERS = {
    "sgd": ("lr 0.002", lambda p: torch.optim.SGD(p, lr=0.002)),
    "momentum": (
        "SGD lr 0.002 momentum 0.9 (v=mu*v+g; w-=lr*v)",
        lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9),
    ),
    "adam": (
        "lr 1e-3 betas 0.9 0.999 eps added after the bias-corrected sqrt",
        lambda p: torch.optim.Adam(p, lr=1e-3, eps=EPSILON),
    ),
    "rmsprop": (
        "lr 1e-3 alpha 0.9 eps added after the sqrt",
        lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, eps=EPSILON),
    ),
}

CONVENTIONS = (
    "NCHW; conv weight [out,in,kh,kw]; dense weight [in,out]; 3x3 convs pad 1; BN eps 1e-5, batch "
    "statistics in training; running averages start as 0 and 1 and move a tenth of the way to each "
    "batch's mean and unbiased variance; mix(i,k): h=(i+k*0x9E3779B9) mod 2^32, h^=h>>>16, "
    "h=imul(h,0x85ebca6b), h^=h>>>13, h=imul(h,0xc2b2ae35), h^=h>>>16, u=h/2^32 (unsigned); trained "
    "parameter number k in creation order, element i row-major: weights sqrt(6/fan_in)*(2u-1), vectors "
    "0.05*(2u-1), BN gamma adds 1; input element i of step s is mix(i,1000+s); label of sample j at "
    "step s is (3*j+s)%10; loss is mean softmax cross entropy in training; logits0 are the first "
    "sample's in evaluation, before the step; param_norms_after are those of the trained parameters, "
    "running_norms_after those of running mean and variance of each BN; numbers have 10 digits"
)


def conv3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    """arXiv 1512.03385, with shortcuts of option A."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = conv3(inputs, outputs, stride)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv3(outputs, outputs)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.extra = outputs - inputs

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        shortcut = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.extra))
        return F.relu(y + shortcut)


class ResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.conv = conv3(CHANNELS, 16)
        self.norm = nn.BatchNorm2d(16)
        stages, inputs = [], 16
        for stage, outputs in enumerate((16, 32, 64)):
            for block in range(blocks):
                stages.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*stages)
        self.dense = nn.Linear(64, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.conv(x))))
        return self.dense(x.mean((2, 3)))


class ProjectionBlock(nn.Module):
    """arXiv 1512.03385, with shortcuts of option B."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = conv3(inputs, outputs, stride)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv3(outputs, outputs)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride > 1:
            projection = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResNet18(nn.Module):
    """For small images: a first convolution of 3 x 3 with stride 1, and no pooling behind it."""

    def __init__(self):
        super().__init__()
        self.conv = conv3(CHANNELS, 64)
        self.norm = nn.BatchNorm2d(64)
        stages, inputs = [], 64
        for stage, outputs in enumerate((64, 128, 256, 512)):
            for block in range(2):
                stages.append(ProjectionBlock(inputs, outputs, 2 if stage > 0 and block == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*stages)
        self.dense = nn.Linear(512, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.conv(x))))
        return self.dense(x.mean((2, 3)))


class Composite(nn.Module):
    """arXiv 1608.06993: batch normalisation, ReLU and convolution."""

    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)

    def forward(self, x):
        return self.conv(F.relu(self.norm(x)))


class DenseNet(nn.Module):
    def __init__(self, growth=12, layers=12):
        super().__init__()
        self.conv = conv3(CHANNELS, 16)
        channels, stages = 16, []
        for block in range(3):
            for _ in range(layers):
                stages.append(Composite(channels, growth, 3))
                channels += growth
            if block < 2:
                stages.append(Composite(channels, channels, 1))
        self.stages = nn.ModuleList(stages)
        self.norm = nn.BatchNorm2d(channels)
        self.dense = nn.Linear(channels, 10)

    def forward(self, x):
        x = self.conv(x)
        for stage in self.stages:
            y = stage(x)
            x = F.avg_pool2d(y, 2) if stage.conv.kernel_size == (1, 1) else torch.cat((x, y), 1)
        return self.dense(F.relu(self.norm(x)).mean((2, 3)))


def mix(i, k):
    h = (i + k * 0x9E3779B9) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    return h / 4294967296


def stream(shape, k):
    return torch.tensor([mix(i, k) for i in range(math.prod(shape))]).reshape(shape)


def canonical(tensor):
    return tensor.t() if tensor.dim() == 2 else tensor


def fill(model):
    """The first parameters, which nn.Module lists in the order of their creation."""
    for k, (name, parameter) in enumerate(model.named_parameters()):
        shape = canonical(parameter).shape
        u = 2 * stream(shape, k) - 1
        if parameter.dim() == 1:
            gamma = name.endswith("weight")
            values = 0.05 * u + (1 if gamma else 0)
        else:
            fan_in = math.prod(shape[1:]) if parameter.dim() == 4 else shape[0]
            values = math.sqrt(6 / fan_in) * u
        parameter.data.copy_(canonical(values))


def rounded(values):
    return [float(f"{float(value):.10g}") for value in values]


def run(build, size, optimizer):
    model = build()
    fill(model)
    update = optimizer(model.parameters())
    steps = []
    for s in range(STEPS):
        images = stream((BATCH, CHANNELS, *size), 1000 + s)
        labels = torch.tensor([(3 * j + s) % 10 for j in range(BATCH)])
        model.eval()
        with torch.no_grad():
            logits = model(images)
        model.train()
        loss = F.cross_entropy(model(images), labels)
        update.zero_grad()
        loss.backward()
        step = {"step": s, "loss": rounded([loss])[0], "logits0": rounded(logits[0])}
        if s == 0:
            step["grads"] = [
                {
                    "name": name,
                    "shape": list(canonical(p).shape),
                    "norm": rounded([p.grad.norm()])[0],
                    "first": rounded(canonical(p.grad).flatten()[:4]),
                }
                for name, p in model.named_parameters()
            ]
        update.step()
        step["param_norms_after"] = rounded(p.norm() for p in model.parameters())
        step["running_norms_after"] = rounded(
            b.norm() for name, b in model.named_buffers() if "running" in name
        )
        steps.append(step)
    return steps


# Of small sizes, one in which no ReLU's input comes closer to 0 than 1e-6 standard deviations in the
# first step: in 32-bit arithmetic it could fall to either side, and change the gradient by 1e-3.
NETWORKS = {
    "resnet18": (ResNet18, (9, 8)),
    "resnet20": (lambda: ResNet(3), (8, 9)),
    "resnet32": (lambda: ResNet(5), (8, 9)),
    "densenet40": (DenseNet, (8, 9)),
}

for network in sys.argv[1:] or NETWORKS:
    build, size = NETWORKS[network]
    runs = {name: run(build, size, optimizer) for name, (_, optimizer) in OPTIMIZERS.items()}
    for name in list(runs)[1:]:
        del runs[name][0]["grads"]  # They are those of the first run.
    golden = {
        "network": network,
        "batch": BATCH,
        "input_shape": (CHANNELS, *size),
        "dtype": "float64",
        "optimizers": {name: text for name, (text, _) in OPTIMIZERS.items()},
        "epsilon": EPSILON,
        "conventions": CONVENTIONS,
        "runs": runs,
        "parameters": sum(p.numel() for p in build().parameters()),
    }
    path = Path(__file__).parent / f"engine_{network}.json"
    path.write_text(json.dumps(golden) + "\n")
    print(path.name, runs["sgd"][0]["loss"])
