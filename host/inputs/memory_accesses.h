// SPDX-License-Identifier: Apache-2.0
// Memory accesses as others list them: one a line, `r ADDRESS` or `w ADDRESS`, hexadecimal, with or without
// 0x; or those of a log of the virtual platform (host/inputs/vp_log.h). Neither tells times or clients.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hardware/types.h"
#include "host/dma_trace.h"
#include "host/inputs/vp_log.h"
#include "host/text_source.h"

namespace nvdla::host {

struct MemoryAccess {
  MemorySpace space = MemorySpace::kDbb;  // a list does not tell
  bool write = false;
  std::uint64_t address = 0;
  std::uint64_t length = 0;  // bytes; 0: not told, one bus width
  std::size_t line = 0;
};

class MemoryAccessReader {
 public:
  // Throws InputError.
  explicit MemoryAccessReader(const std::string& path);
  // In the order of the file; false at the end. Throws InputError "file:line: what".
  bool next(MemoryAccess& access);
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] double fraction();

 private:
  bool next_of_list(MemoryAccess& access);

  std::string path_;
  std::unique_ptr<VpLogReader> log_;
  std::unique_ptr<TextSource> list_;
};

// As bursts of a bus of `bus_bytes`, all in cycle 0 and of the first client: for a player that takes neither
// from them.
class MemoryAccessBursts : public DmaSource {
 public:
  MemoryAccessBursts(const std::string& path, std::uint32_t bus_bytes)
      : reader_(path), bus_bytes_(bus_bytes) {}
  bool next(DmaBurst& burst) override;
  [[nodiscard]] double fraction() override { return reader_.fraction(); }
  [[nodiscard]] std::string at_line(const std::string& text) const override;

 private:
  MemoryAccessReader reader_;
  std::uint32_t bus_bytes_;
  MemoryAccess access_;
};

}  // namespace nvdla::host
