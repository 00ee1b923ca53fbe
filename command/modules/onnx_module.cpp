// SPDX-License-Identifier: Apache-2.0
// The reader of ONNX models.
#include "command/modules.h"
#include "mapper/onnx/onnx_reader.h"

const nvdla::command::OnnxModule nvdla_onnx_module{NVDLA_VERSION, nvdla::mapper::read_onnx_network};
