// SPDX-License-Identifier: Apache-2.0
// A small ONNX model with a node of each kind that the reader treats by itself.
#pragma once

#include <string>

namespace nvdla::fuzz {

[[nodiscard]] std::string onnx_seed();

}  // namespace nvdla::fuzz
