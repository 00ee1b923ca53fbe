// SPDX-License-Identifier: Apache-2.0
// Where dump_mem writes: into one folder, unless more is allowed, and over none of the files of the run.
// Limit: 4 GiB a dump, what nv_small addresses at all.
#pragma once

#include <cstdint>
#include <string>

#include "host/files/run_files.h"
#include "host/register_bus.h"

namespace nvdla::host {

struct DumpOptions {
  std::string directory = ".";  // relative names are relative to it
  bool write = true;  // false: nothing, dumps are only compared
  bool anywhere = false;        // names may lead out of it: by ../, as absolute paths, over links
};

// The file that `name` stands for. Throws InputError when it lies outside of the folder and may not.
[[nodiscard]] std::string dump_path(const DumpOptions& options, const std::string& name);

// Writes [address, address + size), which a memory of `bus` holds. Throws InputError, OutputError.
void dump_memory(RegisterBus& bus, std::uint64_t address, std::uint64_t size, const std::string& path);

}  // namespace nvdla::host
