// SPDX-License-Identifier: Apache-2.0
#include "host/memory_dump.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "host/files/byte_source.h"
#include "host/files/output_file.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPart = 65536;  // bytes at a time
constexpr std::uint64_t kLargest = std::uint64_t{1} << 32;

}  // namespace

std::string dump_path(const DumpOptions& options, const std::string& name) {
  const fs::path path = fs::path(options.directory) / name;
  if (options.anywhere) return path.string();
  std::error_code error;
  const fs::path folder = fs::canonical(options.directory, error);
  if (error) throw InputError("the folder for dump_mem, " + options.directory + ": " + error.message());
  const fs::path inside = fs::weakly_canonical(path, error).lexically_relative(folder);
  if (!error && !inside.empty() && *inside.begin() != "..") return path.string();
  throw InputError(
      "dump_mem would write outside of the folder " + folder.string() +
      ", which nobody has asked for (--dump-anywhere allows it, --output-dir names another folder)");
}

void dump_memory(RegisterBus& bus, std::uint64_t address, std::uint64_t size, const std::string& path) {
  if (size > kLargest) throw InputError("dump_mem of " + std::to_string(size) + " bytes: at most 4 GiB");
  OutputFile file(path);
  std::vector<unsigned char> part(std::min(kPart, size));
  for (std::uint64_t done = 0; done < size && !file.failed();) {
    const std::uint64_t length = std::min<std::uint64_t>(part.size(), size - done);
    (void)bus.store_memory(address + done, part.data(), length);
    file.stream().write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(length));
    done += length;
  }
  file.commit();
}

}  // namespace nvdla::host
