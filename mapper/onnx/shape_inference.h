// SPDX-License-Identifier: Apache-2.0
// ONNX's own shape inference, in a process of its own with little time and no core file: it divides by zero
// and follows null pointers where a model is damaged (libonnx 1.12), and such a model must not take the
// program along. What it could not infer stays unknown.
#pragma once

#include <onnx/onnx_pb.h>

namespace nvdla::mapper {

// Adds what can be inferred to the graph's values and outputs.
void infer_shapes(onnx::ModelProto& model);

}  // namespace nvdla::mapper
