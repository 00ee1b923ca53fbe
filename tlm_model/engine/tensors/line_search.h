// SPDX-License-Identifier: Apache-2.0
// Which line of an output in memory holds an address. Writes leave in the order in which the engine walks, so
// the search begins at the line behind the last one that was written to its end; lines may lie anywhere, also
// on each other.
#pragma once

#include <cstdint>
#include <optional>

#include "operation/cube.h"

namespace nvdla::engine {

class LineSearch {
 public:
  struct Place {
    std::uint32_t batch = 0, surface = 0, line = 0;
    std::uint64_t offset = 0;  // bytes from the line's begin
  };
  // What is next to a line: the next line, or the line of the next surface.
  enum class Walk : std::uint8_t { kLines, kSurfaces };

  LineSearch() = default;
  LineSearch(const Surface& where, std::uint32_t surfaces, std::uint32_t lines, std::uint64_t line_bytes,
             Walk walk = Walk::kLines, std::uint32_t batches = 1, std::uint64_t batch_stride = 0)
      : where_(where),
        batches_(batches),
        surfaces_(surfaces),
        lines_(lines),
        line_bytes_(line_bytes),
        batch_stride_(batch_stride),
        walk_(walk) {}

  [[nodiscard]] std::uint64_t line_bytes() const { return line_bytes_; }

  // The line that holds `address`, of which `bytes` are written.
  [[nodiscard]] std::optional<Place> find(std::uint64_t address, std::uint64_t bytes) {
    for (std::uint64_t tried = 0; tried < std::uint64_t{batches_} * surfaces_ * lines_; ++tried) {
      const std::uint64_t begin = where_.address + std::uint64_t{at_.batch} * batch_stride_ +
                                  std::uint64_t{at_.surface} * where_.surface_stride +
                                  std::uint64_t{at_.line} * where_.line_stride;
      if (address >= begin && address - begin < line_bytes_) {
        Place found = at_;
        found.offset = address - begin;
        if (found.offset + bytes >= line_bytes_) advance();
        return found;
      }
      advance();
    }
    return std::nullopt;
  }

 private:
  void advance() {
    std::uint32_t& inner = walk_ == Walk::kLines ? at_.line : at_.surface;
    std::uint32_t& outer = walk_ == Walk::kLines ? at_.surface : at_.line;
    if (++inner < (walk_ == Walk::kLines ? lines_ : surfaces_)) return;
    inner = 0;
    if (++outer < (walk_ == Walk::kLines ? surfaces_ : lines_)) return;
    outer = 0;
    if (++at_.batch == batches_) at_.batch = 0;
  }

  Surface where_;
  std::uint32_t batches_ = 1, surfaces_ = 0, lines_ = 0;
  std::uint64_t line_bytes_ = 0, batch_stride_ = 0;
  Walk walk_ = Walk::kLines;
  Place at_;
};

}  // namespace nvdla::engine
