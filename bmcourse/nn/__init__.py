"""A small neural-network library in NumPy, written to be read.

Every layer and loss has `forward` and, directly under it, `backward`. The
network yields parameter-gradient pairs; the optimizer lives outside.
`gradcheck` tests any of them against their own forward pass.
"""

from bmcourse.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from bmcourse.nn.attention import MultiHeadAttention
from bmcourse.nn.base import Layer
from bmcourse.nn.convolution import Conv2D
from bmcourse.nn.dense import Dense
from bmcourse.nn.dropout import Dropout
from bmcourse.nn.embedding import Embedding, PositionalEmbedding
from bmcourse.nn.flatten import Flatten
from bmcourse.nn.fused import ConvPool2D, fuse
from bmcourse.nn.gated import SwiGLU
from bmcourse.nn.gradcheck import GradientReport, GradientResult, gradcheck
from bmcourse.nn.grouped_attention import GroupedQueryAttention
from bmcourse.nn.initializers import glorot_uniform, he_normal, orthogonal
from bmcourse.nn.lora import LoRADense, LowRank
from bmcourse.nn.losses import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    Loss,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from bmcourse.nn.normalization import BatchNormalization, LayerNormalization
from bmcourse.nn.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from bmcourse.nn.parallel import default_threads
from bmcourse.nn.pooling import AveragePool2D, MaxPool2D
from bmcourse.nn.recurrent import LSTM, SimpleRNN
from bmcourse.nn.rms_normalization import RMSNormalization
from bmcourse.nn.rotary import RotaryPositions, rotary_angles, turned
from bmcourse.nn.schedules import ConstantRate, CosineDecay, ExponentialDecay, OneCycle
from bmcourse.nn.sequential import Sequential
from bmcourse.nn.summary import count_flops
from bmcourse.nn.training import History
from bmcourse.nn.transformer import TransformerBlock

__all__ = [
    "GELU",
    "LSTM",
    "SGD",
    "Adam",
    "AdamW",
    "AveragePool2D",
    "BatchNormalization",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "ConstantRate",
    "Conv2D",
    "ConvPool2D",
    "CosineDecay",
    "Dense",
    "Dropout",
    "Embedding",
    "ExponentialDecay",
    "Flatten",
    "GradientReport",
    "GradientResult",
    "GroupedQueryAttention",
    "History",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "LoRADense",
    "Loss",
    "LowRank",
    "MaxPool2D",
    "MeanSquaredError",
    "MultiHeadAttention",
    "OneCycle",
    "Optimizer",
    "PositionalEmbedding",
    "RMSNormalization",
    "RMSprop",
    "ReLU",
    "RotaryPositions",
    "Sequential",
    "Sigmoid",
    "SimpleRNN",
    "Softmax",
    "SparseCategoricalCrossentropy",
    "SwiGLU",
    "Tanh",
    "TransformerBlock",
    "count_flops",
    "default_threads",
    "fuse",
    "glorot_uniform",
    "gradcheck",
    "he_normal",
    "orthogonal",
    "rotary_angles",
    "turned",
]
