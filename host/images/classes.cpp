// SPDX-License-Identifier: Apache-2.0
#include "host/images/classes.h"

#include <algorithm>
#include <cmath>

namespace nvdla::host {

std::vector<Class> top_classes(const TensorValues& values, std::size_t count) {
  std::vector<Class> classes;
  classes.reserve(values.values.size());
  for (std::size_t i = 0; i < values.values.size(); ++i) classes.push_back({i, values.values[i]});
  std::stable_sort(classes.begin(), classes.end(), [](const Class& a, const Class& b) {
    if (std::isnan(a.value) || std::isnan(b.value)) return !std::isnan(a.value) && std::isnan(b.value);
    return a.value > b.value;
  });
  classes.resize(std::min(count, classes.size()));
  return classes;
}

}  // namespace nvdla::host
