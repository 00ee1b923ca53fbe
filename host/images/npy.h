// SPDX-License-Identifier: Apache-2.0
// Arrays of NumPy (.npy, versions 1 to 3): float16, float32, float64, int8, uint8, int16, int32, little
// endian, in C order; up to three dimensions (channel, height, width), more only if they are 1 in front.
#pragma once

#include <string>

#include "host/driver/tensor_codec.h"

namespace nvdla::host {

// Throws InputError "file: what is wrong".
[[nodiscard]] TensorValues read_npy(const std::string& path);
// As float32 of shape (channel, height, width). Throws InputError when the file cannot be written.
void write_npy(const std::string& path, const TensorValues& values);

}  // namespace nvdla::host
