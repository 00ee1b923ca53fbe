// SPDX-License-Identifier: Apache-2.0
// What register groups were decoded to, beside what the units' registers held then, for further runs of the
// same program on the same configuration: reading fields by name and checking them is most of an evaluation
// in closed form. A group that holds something else than in the runs before is decoded anew. Safe to use from
// many threads at once.
#pragma once

#include <algorithm>
#include <any>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "registers/register_file.h"

namespace nvdla::registers {

// Precondition: all runs are on one configuration, and decoding depends on these units' registers alone.
class KnownGroups {
 public:
  // What `decode` makes of a group of `units`, which is the activation `activation` of the first of them, or
  // has made of the same contents. What it throws is not kept.
  template <class Decode>
  auto get(const RegisterFile& file, std::initializer_list<Unit> units, std::uint32_t activation,
           std::uint32_t group, Decode decode) -> decltype(decode()) {
    using Decoded = decltype(decode());
    std::vector<Entry>& entries = entries_[static_cast<std::size_t>(*units.begin())];
    {
      const std::shared_lock<std::shared_mutex> lock(guard_);
      if (activation < entries.size() && entries[activation].holds(file, units, group))
        return *std::any_cast<Decoded>(&entries[activation].decoded);
    }
    Entry entry{contents_of(file, units, group), decode()};
    const std::unique_lock<std::shared_mutex> lock(guard_);
    if (activation >= entries.size()) entries.resize(activation + 1);
    entries[activation] = entry;
    return *std::any_cast<Decoded>(&entry.decoded);
  }

 private:
  struct Entry {
    std::vector<std::uint32_t> contents;  // of the units, one behind the other
    std::any decoded;

    [[nodiscard]] bool holds(const RegisterFile& file, std::initializer_list<Unit> units,
                             std::uint32_t group) const {
      auto at = contents.begin();
      for (const Unit unit : units) {
        for (const RegisterFile::Words& now : file.contents(unit, group)) {
          if (contents.end() - at < now.end - now.begin || !std::equal(now.begin, now.end, at)) return false;
          at += now.end - now.begin;
        }
      }
      return at == contents.end();
    }
  };
  [[nodiscard]] static std::vector<std::uint32_t> contents_of(const RegisterFile& file,
                                                              std::initializer_list<Unit> units,
                                                              std::uint32_t group) {
    std::vector<std::uint32_t> result;
    for (const Unit unit : units)
      for (const RegisterFile::Words& now : file.contents(unit, group))
        result.insert(result.end(), now.begin, now.end);
    return result;
  }

  std::shared_mutex guard_;
  std::array<std::vector<Entry>, kUnits> entries_;  // by activation
};

}  // namespace nvdla::registers
