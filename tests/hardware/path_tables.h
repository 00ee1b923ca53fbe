// SPDX-License-Identifier: Apache-2.0
// All paths of hardware/paths by unit, and docs/hardware-facts.md as they make it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardware/paths/path.h"

namespace nvdla::paths {

// A path in both generations; the units that only V1 has leave `scalable` out. `master`: of branch master,
// where its tables are others than nv_small's.
struct Row {
  std::string_view name;
  std::string_view meaning;
  const Path* v1 = nullptr;
  const Path* scalable = nullptr;
  const Path* master = nullptr;
};

struct Table {
  std::string_view unit;
  std::string_view header;  // the file in tlm_model/hardware/paths
  std::vector<Row> rows;
};

[[nodiscard]] std::vector<Table> all_tables();
// The whole document.
[[nodiscard]] std::string hardware_facts();

}  // namespace nvdla::paths
