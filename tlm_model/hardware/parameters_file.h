// SPDX-License-Identifier: Apache-2.0
// A configuration from a JSON file: a preset and what differs from it, under the names of HardwareParameters.
//
//   {"base": "nv_small", "name": "my_nvdla", "atomic_c": 16, "cbuf_entry_bytes": 16, "sdp_lut": false,
//    "read_latency_fifo_beats": {"pdp": 32}}
//
// "base" is required; the generation is that of the base. "name" defaults to the file's name without
// extension. When a file based on a scalable preset changes what the latency FIFOs are sized for, their
// depths follow from scalable_latency_fifos, except those that the file gives itself.
#pragma once

#include <string>

#include "hardware/parameters.h"

namespace nvdla {

// Throws std::runtime_error naming the file and, where there is one, the line or the key: file that cannot be
// opened, syntax, unknown key, wrong type, unknown base, and whatever check() finds.
[[nodiscard]] HardwareParameters load_hardware(const std::string& path);
// A preset's name, or the path of a file: what contains a slash or ends in .json. Throws what load_hardware
// throws, and std::invalid_argument that lists the presets.
[[nodiscard]] HardwareParameters hardware_from(const std::string& preset_or_file);

// A configuration as such a file, every value written out.
[[nodiscard]] std::string hardware_json(const HardwareParameters& hardware);
// The JSON schema of such files, with units (in brackets) and meanings.
[[nodiscard]] std::string hardware_schema();

}  // namespace nvdla
