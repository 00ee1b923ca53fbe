// SPDX-License-Identifier: Apache-2.0
// Bytes of one operation: what its reads have brought, and what it has computed and not yet written. Neither
// is memory: another master may change that at any time, and what an operation sees is what it has read.
//
// Levels roofline and refined move no data: the image is then attached to the memory itself.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "memory/contents.h"
#include "memory/sparse_store.h"

namespace nvdla::engine {

class OperationImage final : public memory::ByteSource, public memory::ByteSink {
 public:
  // Read data. Neighbours of a byte within kUnit come with it.
  void arrived(MemorySpace space, std::uint64_t address, const unsigned char* data, std::size_t length);
  // Reads and computed bytes go straight to memory.
  void attach(const memory::ByteSource& source, memory::ByteSink& sink) {
    source_ = &source;
    sink_ = &sink;
  }
  [[nodiscard]] bool attached() const { return source_ != nullptr; }

  // Read data. What has not come is 0, and noted: missing().
  void read(MemorySpace space, std::uint64_t address, unsigned char* data, std::size_t length) const override;
  // A read since expect() asked for a byte that has not come.
  [[nodiscard]] bool missing() const { return missing_; }
  void expect() { missing_ = false; }

  // Computed bytes, and what a write takes of them.
  void write(MemorySpace space, std::uint64_t address, const unsigned char* data,
             std::size_t length) override;
  void take(MemorySpace space, std::uint64_t address, unsigned char* data, std::size_t length) const {
    computed_[index(space)].read(address, data, length);
  }
  // Read data in [begin, end) are not needed any more.
  void release(MemorySpace space, std::uint64_t begin, std::uint64_t end);

 private:
  static constexpr std::uint64_t kPage = 4096, kUnit = 8;
  struct Page {
    std::array<std::uint64_t, kPage / kUnit / 64> come{};  // one bit a unit
    std::array<unsigned char, kPage> bytes;
    [[nodiscard]] bool has(std::uint64_t first, std::uint64_t last) const;
  };
  using Pages = std::unordered_map<std::uint64_t, std::unique_ptr<Page>>;
  [[nodiscard]] static std::size_t index(MemorySpace space) { return static_cast<std::size_t>(space); }

  std::array<Pages, 2> pages_;
  std::array<memory::SparseStore, 2> computed_;
  const memory::ByteSource* source_ = nullptr;
  memory::ByteSink* sink_ = nullptr;
  mutable bool missing_ = false;
};

}  // namespace nvdla::engine
