// SPDX-License-Identifier: Apache-2.0
// The configuration of the hardware for an input when nobody names one.
#pragma once

#include <string>

namespace nvdla::host {

struct ConfigurationChoice {
  std::string name;
  std::string reason;  // for a note; empty: the default, without a sign for or against it
};

// nv_small for what was made for its register map, nv_full for everything else. Throws InputError.
[[nodiscard]] ConfigurationChoice choose_configuration(const std::string& path);

}  // namespace nvdla::host
