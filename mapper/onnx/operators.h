// SPDX-License-Identifier: Apache-2.0
// What the operators of ONNX are on the accelerator: a function each, found by the operator's name. An
// operator that is a layer adds it; one that changes nothing gives its value another name; what the
// accelerator does not have becomes a layer for the CPU.
#pragma once

#include <string>

#include "mapper/onnx/network_builder.h"
#include "mapper/onnx/onnx_node.h"

namespace nvdla::mapper {

using OnnxOperator = void (*)(const OnnxNode& node, NetworkBuilder& network);

// Of the standard's operators; nullptr for one that is not among them.
[[nodiscard]] OnnxOperator find_operator(const std::string& type);

// Layers with a window over height and width: operators_window.cpp.
void convolution(const OnnxNode& node, NetworkBuilder& network);
void max_pool(const OnnxNode& node, NetworkBuilder& network);
void average_pool(const OnnxNode& node, NetworkBuilder& network);
void global_max_pool(const OnnxNode& node, NetworkBuilder& network);
void global_average_pool(const OnnxNode& node, NetworkBuilder& network);
void reduce_mean(const OnnxNode& node, NetworkBuilder& network);

// Layers of elements: operators_element.cpp.
void batch_norm(const OnnxNode& node, NetworkBuilder& network);
void relu(const OnnxNode& node, NetworkBuilder& network);
void sigmoid(const OnnxNode& node, NetworkBuilder& network);
void tanh(const OnnxNode& node, NetworkBuilder& network);
void add_values(const OnnxNode& node, NetworkBuilder& network);
void subtract(const OnnxNode& node, NetworkBuilder& network);
void multiply(const OnnxNode& node, NetworkBuilder& network);
void divide(const OnnxNode& node, NetworkBuilder& network);
void sum(const OnnxNode& node, NetworkBuilder& network);
void maximum(const OnnxNode& node, NetworkBuilder& network);

}  // namespace nvdla::mapper
