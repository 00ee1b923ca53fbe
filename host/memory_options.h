// SPDX-License-Identifier: Apache-2.0
// Parameters of one memory of the platform and their text form on the command line:
// latency=50,bandwidth=64,max_outstanding=256,base=0x80000000,size=0x40000000
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "memory/description.h"

namespace nvdla::host {

// Addresses outside the window get TLM_ADDRESS_ERROR_RESPONSE.
using MemoryOptions = memory::PortDescription;

// Throws std::invalid_argument that names `option`, the key and the value. Keys that are not given keep the
// value of `defaults`.
[[nodiscard]] MemoryOptions parse_memory_options(std::string_view option, std::string_view text,
                                                 const MemoryOptions& defaults);
// Throws std::invalid_argument naming `option` when a value is out of range.
void check_memory_options(std::string_view option, const MemoryOptions& options);

}  // namespace nvdla::host
