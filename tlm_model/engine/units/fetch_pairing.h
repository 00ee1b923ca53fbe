// SPDX-License-Identifier: Apache-2.0
// Which activation of a read DMA feeds which operation of its unit. Hardware has one rule: the k-th
// activation of the read DMA feeds the k-th operation that takes data from it. Their groups need not be the
// same: after an operation without read DMA (a convolution without bias, a pooling on the fly) the two
// consumer pointers differ, and the driver chooses the groups of either side on their own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace nvdla::engine {

class FetchPairing {
 public:
  // Operation `index` of the unit is enabled and takes data, or not.
  void enabled_operation(std::uint32_t index, bool fetches) {
    if (index != next_) {  // operations are counted in the order in which hardware runs them
      waiting_[index] = fetches;
      return;
    }
    count(fetches);
    for (auto next = waiting_.find(next_); next != waiting_.end(); next = waiting_.find(next_)) {
      count(next->second);
      waiting_.erase(next);
    }
  }
  // The activation of the read DMA that feeds an operation; nothing if none does or it is not known yet.
  [[nodiscard]] std::optional<std::uint32_t> fetch_of(std::uint32_t operation) const {
    const auto found = find(&Pair::operation, operation);
    return found == pairs_.end() ? std::nullopt : std::optional(found->fetch);
  }
  // The operation that an activation of the read DMA feeds; nothing if it is not enabled yet.
  [[nodiscard]] std::optional<std::uint32_t> operation_of(std::uint32_t fetch) const {
    const auto found = find(&Pair::fetch, fetch);
    return found == pairs_.end() ? std::nullopt : std::optional(found->operation);
  }
  // The first operation that is not known yet.
  [[nodiscard]] std::uint32_t next_operation() const { return next_; }
  // Both sides are through with the operation.
  void forget(std::uint32_t operation) {
    const auto found = find(&Pair::operation, operation);
    if (found != pairs_.end()) pairs_.erase(found);
  }
  void reset() { *this = {}; }

 private:
  struct Pair {
    std::uint32_t operation = 0, fetch = 0;
  };
  using Pairs = std::vector<Pair>;
  // The pair with this number, of a side on which numbers rise.
  [[nodiscard]] Pairs::const_iterator find(std::uint32_t Pair::*side, std::uint32_t number) const {
    const auto found = std::lower_bound(pairs_.begin(), pairs_.end(), number,
                                        [&](const Pair& pair, std::uint32_t n) { return pair.*side < n; });
    return found != pairs_.end() && (*found).*side == number ? found : pairs_.end();
  }
  void count(bool fetches) {
    if (fetches) pairs_.push_back({next_, fetching_++});
    ++next_;
  }

  std::map<std::uint32_t, bool> waiting_;  // enabled before an earlier one is
  std::uint32_t next_ = 0, fetching_ = 0;
  Pairs pairs_;  // those that are not forgotten
};

}  // namespace nvdla::engine
