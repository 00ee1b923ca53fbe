// SPDX-License-Identifier: Apache-2.0
// A stand-in for accelerator and memory that shows what a driver does: operations complete without time
// (host/driver/instant_engines.h), one at each wait for an interrupt, in an order that a seed chooses among
// those that could complete next.
#pragma once

#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hardware/parameters.h"
#include "host/driver/device_access.h"
#include "host/driver/instant_engines.h"
#include "memory/sparse_store.h"

namespace nvdla::test {

class InstantDevice : public host::DeviceAccess {
 public:
  struct Access {
    bool write = false;
    std::uint32_t offset = 0, value = 0;
    bool operator==(const Access& other) const {
      return write == other.write && offset == other.offset && value == other.value;
    }
  };

  // Seed 0: the first that can complete, in the order of kAllEngines.
  InstantDevice(const HardwareParameters& hardware, std::uint32_t seed)
      : engines_(hardware), generation_(hardware.generation), seed_(seed), random_(seed) {}

  void write_register(std::uint32_t offset, std::uint32_t value) override {
    accesses_.push_back({true, offset, value});
    const registers::AccessStatus status = engines_.registers().write(offset, value);
    if (status != registers::AccessStatus::kOk) {
      refused_.push_back(std::to_string(offset) + ": " + std::string(registers::access_status_name(status)));
    }
  }
  std::uint32_t read_register(std::uint32_t offset) override {
    std::uint32_t value = 0;
    const registers::AccessStatus status = engines_.registers().read(offset, value);
    if (status != registers::AccessStatus::kOk) refused_.push_back(std::to_string(offset) + ": read");
    accesses_.push_back({false, offset, value});
    return value;
  }
  bool wait_for_interrupt() override {
    while (!engines_.registers().interrupt()) {
      const std::vector<Engine> possible = engines_.candidates();
      if (possible.empty()) return false;
      engines_.complete(seed_ == 0 ? possible.front() : possible[random_() % possible.size()]);
    }
    // With a seed, more may be done by the time that the CPU looks.
    while (seed_ != 0 && random_() % 3 == 0) {
      const std::vector<Engine> possible = engines_.candidates();
      if (possible.empty()) break;
      engines_.complete(possible[random_() % possible.size()]);
    }
    return true;
  }
  void write_memory(MemorySpace space, std::uint64_t address, const unsigned char* data,
                    std::size_t length) override {
    memory_[static_cast<std::size_t>(space)].write(address, data, length);
  }
  void read_memory(MemorySpace space, std::uint64_t address, unsigned char* data,
                   std::size_t length) override {
    memory_[static_cast<std::size_t>(space)].read(address, data, length);
  }

  [[nodiscard]] const std::vector<Access>& accesses() const { return accesses_; }
  [[nodiscard]] std::vector<Access> writes() const {
    std::vector<Access> result;
    for (const Access& access : accesses_) {
      if (access.write) result.push_back(access);
    }
    return result;
  }
  // Accesses that the register file did not take as they were meant.
  [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }
  // "SDP.D_CVT_SHIFT" of an access.
  [[nodiscard]] std::string name(const Access& access) const {
    const registers::RegisterMap& map = registers::RegisterMap::of(generation_);
    const std::size_t index = map.at(access.offset);
    return index == registers::RegisterMap::kNone ? "?" : map[index].full_name();
  }

 private:
  host::InstantEngines engines_;
  Generation generation_;
  std::uint32_t seed_;
  std::mt19937 random_;
  std::array<memory::SparseStore, 2> memory_;
  std::vector<Access> accesses_;
  std::vector<std::string> refused_;
};

}  // namespace nvdla::test
