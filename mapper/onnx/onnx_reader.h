// SPDX-License-Identifier: Apache-2.0
// A network as an ONNX model. Only structure and shapes matter: weights may be missing, external or empty, as
// long as their tensors have dimensions. Shapes of what the accelerator does not compute come from ONNX's own
// shape inference.
//
// Operators that are layers: Conv, Gemm and MatMul with a constant, MaxPool, AveragePool, GlobalMaxPool,
// GlobalAveragePool, ReduceMean over height and width, LRN, BatchNormalization, Relu, Sigmoid, Tanh, Add,
// Sub, Mul, Div, Sum and Max of two tensors or of a tensor and a constant, Concat of channels; Softmax runs
// in software. Dropout, Identity, Cast, QuantizeLinear, DequantizeLinear, Flatten, and Reshape, Squeeze and
// Unsqueeze that only flatten change nothing. Every other operator is a layer for the CPU.
// Limits: two spatial dimensions, one image at a time (a batch that is symbolic counts as one), no control
// flow.
#pragma once

#include <cstddef>
#include <string>

#include "mapper/layers.h"

namespace nvdla::mapper {

// Both throw host::InputError, "path: node 'conv1' (Conv): what".
[[nodiscard]] LayerNetwork read_onnx_network(const std::string& path);
[[nodiscard]] LayerNetwork parse_onnx_network(const void* data, std::size_t size, const std::string& path);

}  // namespace nvdla::mapper
