// SPDX-License-Identifier: Apache-2.0
// Which activation of a read DMA feeds which operation of its unit. Hardware has one rule: the k-th
// activation of the read DMA feeds the k-th operation that takes data from it. Their groups need not be the
// same: after an operation without read DMA (a convolution without bias, a pooling on the fly) the two
// consumer pointers differ, and the driver chooses the groups of either side on their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace nvdla::engine {

class FetchPairing {
 public:
  // Operation `index` of the unit is enabled and takes data, or not.
  void enabled_operation(std::uint32_t index, bool fetches) {
    waiting_[index] = fetches;
    // Operations are counted in the order in which hardware runs them.
    for (auto next = waiting_.find(next_); next != waiting_.end(); next = waiting_.find(++next_)) {
      if (next->second) {
        fetch_of_[next_] = fetching_;
        operation_of_[fetching_] = next_;
        ++fetching_;
      }
      waiting_.erase(next);
    }
  }
  // The activation of the read DMA that feeds an operation; nothing if none does or it is not known yet.
  [[nodiscard]] std::optional<std::uint32_t> fetch_of(std::uint32_t operation) const {
    return find(fetch_of_, operation);
  }
  // The operation that an activation of the read DMA feeds; nothing if it is not enabled yet.
  [[nodiscard]] std::optional<std::uint32_t> operation_of(std::uint32_t fetch) const {
    return find(operation_of_, fetch);
  }
  // The first operation that is not known yet.
  [[nodiscard]] std::uint32_t next_operation() const { return next_; }
  // Both sides are through with the operation.
  void forget(std::uint32_t operation) {
    const auto fetch = fetch_of_.find(operation);
    if (fetch == fetch_of_.end()) return;
    operation_of_.erase(fetch->second);
    fetch_of_.erase(fetch);
  }
  void reset() { *this = {}; }

 private:
  using Numbers = std::map<std::uint32_t, std::uint32_t>;
  [[nodiscard]] static std::optional<std::uint32_t> find(const Numbers& numbers, std::uint32_t key) {
    const auto found = numbers.find(key);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  }
  std::map<std::uint32_t, bool> waiting_;  // enabled before an earlier one is
  std::uint32_t next_ = 0, fetching_ = 0;
  Numbers fetch_of_, operation_of_;
};

}  // namespace nvdla::engine
