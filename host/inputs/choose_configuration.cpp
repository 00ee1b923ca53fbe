// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/choose_configuration.h"

#include "host/inputs/input_kind.h"
#include "host/inputs/read_input.h"
#include "host/map_fit.h"

namespace nvdla::host {

ConfigurationChoice choose_configuration(const std::string& path) {
  if (path == "-" || !can_be_read_twice(path)) return {"nv_full", ""};
  if (input_kind(path) == InputKind::kTraceTest)
    return {"nv_small", "trace tests of nvdla/hw are of the branches that have its register map"};
  if (recognised_map(read_input(path, Generation::kV1)) == Generation::kScalable)
    return {"nv_small", "its addresses are those of that register map"};
  return {"nv_full", ""};
}

}  // namespace nvdla::host
