// SPDX-License-Identifier: Apache-2.0
// A made-up engine, the example of docs/adding-a-unit.md: fills memory. It lives in Rubik's register window
// and stands for Rubik's row in the tables.
#pragma once

#include <map>

#include "engine/accelerator.h"
#include "engine/core.h"
#include "engine/units/all_units.h"
#include "engine/units/unit.h"
#include "registers/descriptor_reader.h"

namespace nvdla::engine::fill {

// [operation]
struct FillOperation {
  MemorySpace space = MemorySpace::kDbb;
  std::uint64_t address = 0;
  std::uint32_t line_bytes = 0, lines = 0, stride = 0;
};

inline FillOperation decode(const registers::RegisterFile& file, std::uint32_t group,
                            const HardwareParameters& hardware) {
  const registers::DescriptorReader r(file, hardware, Unit::kRubik, group);
  FillOperation op;
  op.space = r.space("D_DAOUT_RAM_TYPE", "DATAOUT_RAM_TYPE");
  op.address = r.address("D_DAOUT_ADDR_HIGH", "D_DAOUT_ADDR_LOW");
  op.line_bytes = r.size("D_DATAIN_SIZE_0", "DATAIN_WIDTH") * hardware.memory_atom_bytes;
  op.lines = r.size("D_DATAIN_SIZE_0", "DATAIN_HEIGHT");
  op.stride = static_cast<std::uint32_t>(r.stride("D_DAOUT_LINE_STRIDE"));
  r.require(op.lines == 1 || op.stride >= op.line_bytes, "D_DAOUT_LINE_STRIDE", "", "lines overlap");
  return op;
}
// [operation]

// [unit]
class FillUnit : public EngineUnit, private MemoryClient {
 public:
  explicit FillUnit(Core& core) : core_(core) { core.dbb.connect(Client::kRubik, *this, 0); }

  [[nodiscard]] Engine engine() const override { return Engine::kRubik; }
  [[nodiscard]] const std::vector<Unit>& parts() const override {
    static const std::vector<Unit> kParts = {Unit::kRubik};
    return kParts;
  }
  void enabled(Unit /*part*/, Activation activation) override {
    operations_[activation.index] = decode(core_.file, activation.group, core_.hardware);
  }
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {}; }

  void start(Unit /*part*/, Activation activation, Cycle at) override {
    running_ = activation;
    next_ = acknowledged_ = 0;
    send(at);
  }
  std::optional<ClosedLayer> closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                         amaix::Level /*level*/) override {
    const auto& own = engine::taken(parts, Unit::kRubik);
    if (!own) return std::nullopt;
    const FillOperation& op = operations_.at(own->activation.index);
    ClosedLayer layer;
    layer.cycles = op.lines * op.line_bytes / memory.dbb.bytes_per_cycle + memory.dbb.latency;
    layer.first = Unit::kRubik;
    layer.parts = this->parts();
    ClosedOperation operation{Engine::kRubik, own->activation, {}, {}, {}};
    operation.phases = {{Resource::kDbbBandwidth, layer.cycles - memory.dbb.latency},
                        {Resource::kDbbLatency, static_cast<double>(memory.dbb.latency)}};
    operation.dbb.written[static_cast<std::size_t>(Client::kRubik)] = std::uint64_t{op.lines} * op.line_bytes;
    layer.operations.push_back(operation);
    return layer;
  }
  void forget(std::uint32_t operation) override { operations_.erase(operation); }
  void reset() override { operations_.clear(); }

 private:
  [[nodiscard]] OperationId id() const { return core_.log.id(Engine::kRubik, running_.index); }

  void send(Cycle at) {
    const FillOperation& op = operations_.at(running_.index);
    for (; next_ < op.lines && core_.dbb.write_ready(Client::kRubik); ++next_)
      core_.dbb.write(Client::kRubik, id(), op.address + std::uint64_t{next_} * op.stride, op.line_bytes,
                      next_, at);
  }
  void on_room(Client /*client*/, Cycle at) override {
    core_.log.account(id(), core_.dbb.write_hindrance(Client::kRubik), at);
    send(at);
  }
  void on_read(const ReadReturn& /*data*/) override {}
  void on_write_acknowledged(const WriteReturn& write) override {
    if (++acknowledged_ < operations_.at(running_.index).lines) return;
    const Activation done = running_;
    core_.log.done(id(), Resource::kDbbLatency, write.at);
    forget(done.index);
    core_.starter(Unit::kRubik).release(write.at);
    core_.raise(Interrupt::kRubik, done.group, write.at);
  }

  Core& core_;
  std::map<std::uint32_t, FillOperation> operations_;
  Activation running_;
  std::uint32_t next_ = 0, acknowledged_ = 0;
};
// [unit]

// [options]
inline AcceleratorOptions options(amaix::Level level) {
  AcceleratorOptions result;
  result.level = level;
  result.units = [](Core& core) {
    Units units = make_units(core);
    add_or_replace(units, std::make_unique<FillUnit>(core));
    return units;
  };
  return result;
}
// [options]

}  // namespace nvdla::engine::fill
