// SPDX-License-Identifier: Apache-2.0
// A stand-in for accelerator and memory that shows what a driver does: the model's register file with all its
// rules, but operations complete without time, one at each wait for an interrupt, in an order that a seed
// chooses among those that could complete next. On the fly, a unit completes after the one that it takes its
// data from. Nothing is computed.
#pragma once

#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hardware/parameters.h"
#include "host/driver/device_access.h"
#include "memory/sparse_store.h"
#include "registers/register_file.h"

namespace nvdla::test {

class InstantDevice : public host::DeviceAccess, private registers::RegisterListener {
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
      : file_(hardware), generation_(hardware.generation), seed_(seed), random_(seed) {
    file_.set_listener(this);
    file_.set_cbuf_flushed(true);
  }

  void write_register(std::uint32_t offset, std::uint32_t value) override {
    accesses_.push_back({true, offset, value});
    const registers::AccessStatus status = file_.write(offset, value);
    if (status != registers::AccessStatus::kOk) {
      refused_.push_back(std::to_string(offset) + ": " + std::string(registers::access_status_name(status)));
    }
  }
  std::uint32_t read_register(std::uint32_t offset) override {
    std::uint32_t value = 0;
    const registers::AccessStatus status = file_.read(offset, value);
    if (status != registers::AccessStatus::kOk) refused_.push_back(std::to_string(offset) + ": read");
    accesses_.push_back({false, offset, value});
    return value;
  }
  bool wait_for_interrupt() override {
    while (!file_.interrupt()) {
      const std::vector<Engine> possible = candidates();
      if (possible.empty()) return false;
      complete(seed_ == 0 ? possible.front() : possible[random_() % possible.size()]);
    }
    // With a seed, more may be done by the time that the CPU looks.
    while (seed_ != 0 && random_() % 3 == 0) {
      const std::vector<Engine> possible = candidates();
      if (possible.empty()) break;
      complete(possible[random_() % possible.size()]);
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
  void on_enable(Unit, std::uint32_t, Cycle) override {}
  void on_bdma_queued() override { ++bdma_queued_; }
  void on_written(Unit, std::uint32_t, std::uint32_t) override {}

  [[nodiscard]] bool armed(Unit unit) const { return file_.enabled(unit, file_.consumer(unit)); }
  [[nodiscard]] std::uint32_t mode(Unit unit, const char* name, const char* field) const {
    return file_.field(unit, name, field, file_.consumer(unit));
  }

  [[nodiscard]] bool can_complete(Engine engine) const {
    switch (engine) {
      case Engine::kConv:
        return armed(Unit::kCacc) && armed(Unit::kCmacA) && armed(Unit::kCmacB) && armed(Unit::kCsc) &&
               armed(Unit::kCdma) && armed(Unit::kSdp) &&
               mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 1;
      case Engine::kSdp:
        return armed(Unit::kSdp) &&
               (mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 0 || convolved_ > 0) &&
               (mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "OUTPUT_DST") == 0 || armed(Unit::kPdp));
      case Engine::kPdp:
        return armed(Unit::kPdp) &&
               (mode(Unit::kPdp, "D_OPERATION_MODE_CFG", "FLYING_MODE") == 1 || delivered_ > 0);
      case Engine::kCdp:
        return armed(Unit::kCdp) && armed(Unit::kCdpRdma);
      case Engine::kBdma:
        return file_.has_unit(Unit::kBdma) && armed(Unit::kBdma);
      default:
        return file_.has_unit(Unit::kRubik) && armed(Unit::kRubik);
    }
  }
  [[nodiscard]] std::vector<Engine> candidates() const {
    std::vector<Engine> result;
    for (const Engine engine : kAllEngines) {
      if (can_complete(engine)) result.push_back(engine);
    }
    return result;
  }

  void finish(Unit unit) {
    file_.start(unit);
    file_.complete(unit);
  }
  void complete(Engine engine) {
    const Unit main = engine == Engine::kConv ? Unit::kCacc : engine_info(engine).main;
    const std::uint32_t group = file_.consumer(main);
    switch (engine) {
      case Engine::kConv:
        ++convolved_;
        for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc})
          finish(unit);
        file_.raise(Interrupt::kCdmaData, group);
        file_.raise(Interrupt::kCdmaWeight, group);
        break;
      case Engine::kSdp:
        if (mode(main, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 1) --convolved_;
        if (mode(main, "D_FEATURE_MODE_CFG", "OUTPUT_DST") == 1) ++delivered_;
        if (armed(Unit::kSdpRdma)) finish(Unit::kSdpRdma);
        finish(main);
        break;
      case Engine::kPdp:
        if (mode(main, "D_OPERATION_MODE_CFG", "FLYING_MODE") == 0) --delivered_;
        if (armed(Unit::kPdpRdma)) finish(Unit::kPdpRdma);
        finish(main);
        break;
      case Engine::kCdp:
        finish(Unit::kCdpRdma);
        finish(main);
        break;
      case Engine::kBdma:
        for (; bdma_queued_ > 0; --bdma_queued_) file_.take_bdma_transfer();
        finish(main);
        break;
      default:
        finish(main);
    }
    file_.raise(engine_info(engine).interrupt, group);
  }

  registers::RegisterFile file_;
  Generation generation_;
  std::uint32_t seed_;
  std::mt19937 random_;
  std::array<memory::SparseStore, 2> memory_;
  std::vector<Access> accesses_;
  std::vector<std::string> refused_;
  std::uint32_t bdma_queued_ = 0;
  std::uint32_t convolved_ = 0;  // convolutions that SDP has not answered yet
  std::uint32_t delivered_ = 0;  // SDP operations that PDP has not answered yet
};

}  // namespace nvdla::test
