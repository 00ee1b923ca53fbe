// SPDX-License-Identifier: Apache-2.0
// The configuration of the hardware for an input when nobody names one.
#pragma once

#include <optional>
#include <string>

#include "host/inputs/input_kind.h"
#include "host/program.h"

namespace nvdla::host {

struct ConfigurationChoice {
  std::string name;
  std::string reason;              // for a note; empty: the default, without a sign for or against it
  std::optional<Program> program;  // what had to be read for it, where it is the same for all of them
};

// nv_small for what was made for its register map, nv_full for everything else. Throws InputError.
[[nodiscard]] ConfigurationChoice choose_configuration(const std::string& path, InputKind kind);

}  // namespace nvdla::host
