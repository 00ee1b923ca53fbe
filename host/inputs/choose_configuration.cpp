// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/choose_configuration.h"

#include <utility>

#include "host/inputs/read_input.h"
#include "host/map_fit.h"

namespace nvdla::host {

ConfigurationChoice choose_configuration(const std::string& path, InputKind kind) {
  if (path == "-" || !can_be_read_twice(path)) return {"nv_full", "", std::nullopt};
  if (kind == InputKind::kTraceTest)
    return {"nv_small", "trace tests of nvdla/hw are of the branches that have its register map",
            std::nullopt};
  Program program = read_input(path, kind, Generation::kV1);
  if (recognised_map(program) == Generation::kScalable)
    return {"nv_small", "its addresses are those of that register map", std::move(program)};
  return {"nv_full", "", std::move(program)};
}

}  // namespace nvdla::host
