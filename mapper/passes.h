// SPDX-License-Identifier: Apache-2.0
// The steps from layers to operations, in this order. What they decide is what NVIDIA's open compiler decides
// with its profile fast-math (nvdla/sw, umd/core/src/compiler), read off its sources and the traces in
// firmware_traces. All throw analysis::Infeasible, "layer 'conv1': what", for what the configuration cannot
// execute.
#pragma once

#include <string>

#include "hardware/parameters.h"
#include "hardware/types.h"
#include "mapper/graph.h"
#include "mapper/layers.h"

namespace nvdla::mapper {

struct Target {
  HardwareParameters hardware;
  Precision precision = Precision::kInt8;
  bool image = true;  // the network's inputs of up to four channels are pixels
};

// Every layer as operations of its engines: a convolution with an SDP operation behind it, and in int8 a
// scale of one before each ReLU, which brings its input to the output's number format.
[[nodiscard]] Graph lower(const LayerNetwork& network, const Target& target);

// SDP operations that follow each other, one to one, become one where their arithmetic allows it: batch norm
// and scale go into the weights of a convolution, additions and ReLU into the operation before.
void merge(Graph& graph, const Target& target);

// Convolutions get their banks of CBUF, those that do not fit are split by height; pooling that does not fit
// PDP's line buffer is split by width.
void fit(Graph& graph, const Target& target);
void fit_convolution(Graph& graph, const Target& target, Node& node);
void fit_pooling(const Target& target, Node& node);

// Two SDP operations that follow each other share one pass: X1 and X2. Element-wise operations thus read only
// their second input from memory.
void pair(Graph& graph, const Target& target);

[[noreturn]] void infeasible(const Node& node, const std::string& what);

}  // namespace nvdla::mapper
