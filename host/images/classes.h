// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "host/driver/tensor_codec.h"

namespace nvdla::host {

struct Class {
  std::size_t index = 0;
  float value = 0;
};

// The `count` greatest values with their places, greatest first; of equal ones the first. What is not a
// number comes last.
[[nodiscard]] std::vector<Class> top_classes(const TensorValues& values, std::size_t count);

}  // namespace nvdla::host
