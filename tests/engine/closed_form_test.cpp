// SPDX-License-Identifier: Apache-2.0
// Proves how layers in closed form share a memory port while they run: what is written stands behind the
// writes of the layer before, and who shares already has no reads in front of a newcomer's.
#include "engine/levels/closed_form.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "amaix/bdma_estimate.h"
#include "engine/system.h"
#include "engine/units/all_units.h"

namespace nvdla::engine {
namespace {

// Reads beats as fast as the port lets it, and is over some cycles behind the last.
class Burst : public amaix::SharedUnit {
 public:
  Burst(Client client, std::uint32_t beats, bool whole) : clients_({client}), beats_(beats), whole_(whole) {}
  [[nodiscard]] const std::vector<Client>& readers() const override { return clients_; }
  [[nodiscard]] Client writer() const override { return clients_.front(); }
  [[nodiscard]] bool whole() const override { return whole_; }
  void restart(Cycle begin, const amaix::SharedUnit* /*before*/) override {
    begin_ = begin;
    asked_ = 0;
    marks_ = {kNever};
  }
  [[nodiscard]] Cycle asks(std::size_t /*reader*/) override { return asked_ == beats_ ? kNever : begin_; }
  [[nodiscard]] std::uint32_t beats(std::size_t /*reader*/) const override { return 1; }
  void granted(std::size_t /*reader*/, Cycle /*at*/) override { ++asked_; }
  void came(std::size_t /*reader*/, Cycle /*first*/, Cycle last, std::uint32_t /*beats*/) override {
    marks_.front() = last;
  }
  [[nodiscard]] Cycle writes() const override { return kNever; }
  [[nodiscard]] std::uint32_t write_beats() const override { return 0; }
  void write_granted(Cycle /*at*/) override {}
  void acknowledged(Cycle /*at*/) override {}
  [[nodiscard]] Cycle due() const override { return kNever; }
  void run(Cycle /*now*/) override {}
  [[nodiscard]] const std::vector<Cycle>& marks() const override { return marks_; }

 private:
  const std::vector<Client> clients_;
  const std::uint32_t beats_;
  const bool whole_;
  std::vector<Cycle> marks_;
  Cycle begin_ = 0;
  std::uint32_t asked_ = 0;
};

// What it does to its port among others, if that is walked.
struct FakeLayer : ClosedLayer {
  std::optional<Burst> walked{};
  std::optional<BdmaTransfer> linked{};  // a copy, in a row
};

// An engine of one part whose layers are given.
class FakeUnit : public EngineUnit {
 public:
  FakeUnit(Engine engine, Unit part, std::vector<FakeLayer> layers)
      : engine_(engine), parts_{part}, layers_(std::move(layers)) {}
  [[nodiscard]] Engine engine() const override { return engine_; }
  [[nodiscard]] const std::vector<Unit>& parts() const override { return parts_; }
  void enabled(Unit /*part*/, Activation /*activation*/) override {}
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {}; }
  void start(Unit /*part*/, Activation /*activation*/, Cycle /*at*/) override {}
  std::optional<ClosedLayer> closed_form(const TakenParts& parts, const memory::MemorySystem& /*memory*/,
                                         amaix::Level /*level*/) override {
    const auto& own = engine::taken(parts, parts_.front());
    if (!own) return std::nullopt;
    ClosedLayer layer = layers_.at(own->activation.index);
    layer.first = parts_.front();
    layer.parts = parts_;
    layer.operations.front().engine = engine_;
    layer.operations.front().activation = own->activation;
    return layer;
  }
  [[nodiscard]] std::unique_ptr<amaix::SharedUnit> shared(std::uint32_t operation,
                                                          const memory::MemorySystem& /*memory*/) override {
    const std::optional<Burst>& walked = layers_.at(operation).walked;
    return walked ? std::make_unique<Burst>(*walked) : nullptr;
  }
  [[nodiscard]] std::unique_ptr<amaix::LinkedLayer> linked(std::uint32_t operation) override {
    const std::optional<BdmaTransfer>& copy = layers_.at(operation).linked;
    return copy ? amaix::linked_bdma({*copy}, preset("nv_full")) : nullptr;
  }
  void forget(std::uint32_t /*operation*/) override {}
  void reset() override {}

 private:
  const Engine engine_;
  const std::vector<Unit> parts_;
  const std::vector<FakeLayer> layers_;
};

// A convolution of CDMA and CSC: CDMA fetches the second layer under the first.
class FakeConvolution : public FakeUnit {
 public:
  FakeConvolution(const std::vector<FakeLayer>& layers, std::uint32_t ahead)
      : FakeUnit(Engine::kConv, Unit::kCdma, layers), ahead_(ahead) {}
  [[nodiscard]] const std::vector<Unit>& parts() const override { return all_; }
  std::optional<ClosedLayer> closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                         amaix::Level level) override {
    if (!engine::taken(parts, Unit::kCsc)) return std::nullopt;
    std::optional<ClosedLayer> layer = FakeUnit::closed_form(parts, memory, level);
    if (layer) layer->parts = all_;
    return layer;
  }
  std::optional<ClosedFetch> fetch_ahead(Unit part, Activation /*activation*/) override {
    if (part != Unit::kCdma) return std::nullopt;
    ClosedFetch fetch;
    fetch.reads.push_back({MemorySpace::kDbb, static_cast<double>(ahead_), 0});
    return fetch;
  }
  std::unique_ptr<amaix::SharedUnit> shared_fetch(const TakenParts& /*parts*/,
                                                  const memory::MemorySystem& /*memory*/) override {
    return std::make_unique<Burst>(Client::kCdmaDat, ahead_, true);
  }

 private:
  const std::uint32_t ahead_;
  const std::vector<Unit> all_ = {Unit::kCdma, Unit::kCsc};
};

// All of the port for so many cycles, a beat each.
FakeLayer bound(double cycles, Client client, bool reads) {
  FakeLayer layer;
  layer.cycles = cycles;
  ClosedOperation operation;
  operation.phases = {{Resource::kDbbBandwidth, cycles}};
  const auto bytes = static_cast<std::uint64_t>(cycles) * preset("nv_full").dbb_width_bytes;
  (reads ? operation.dbb.read : operation.dbb.written)[static_cast<std::size_t>(client)] = bytes;
  layer.operations.push_back(operation);
  return layer;
}

class SharedPort : public testing::Test, protected Listener {
 protected:
  void on_done(const OperationRecord& record) override { done_.push_back(record); }
  // Enables both groups of Rubik, and one of CDP.
  void run(std::vector<FakeLayer> rubik, std::vector<FakeLayer> cdp) {
    AcceleratorOptions options;
    options.level = amaix::Level::kRefined;
    options.nominal_memory.dbb = {50, 64};
    options.units = [&](Core& core) {
      Units units = make_units(core);
      add_or_replace(units, std::make_unique<FakeUnit>(Engine::kRubik, Unit::kRubik, rubik));
      if (!cdp.empty()) add_or_replace(units, std::make_unique<FakeUnit>(Engine::kCdp, Unit::kCdp, cdp));
      return units;
    };
    System system(preset("nv_full"), options, {}, {});
    Accelerator& accelerator = system.accelerator();
    accelerator.add_listener(*this);
    const auto write = [&](Unit unit, const std::string& name, std::uint32_t value) {
      accelerator.write(accelerator.register_file().map().offset(unit, name), value, accelerator.now());
    };
    if (!cdp.empty()) write(Unit::kCdp, "D_OP_ENABLE", 1);
    for (std::uint32_t group = 0; group < rubik.size(); ++group) {
      write(Unit::kRubik, "S_POINTER", group);
      write(Unit::kRubik, "D_OP_ENABLE", 1);
    }
    system.advance(100'000);
  }
  [[nodiscard]] const OperationRecord& record(Engine engine, std::uint32_t group) const {
    for (const OperationRecord& one : done_)
      if (one.id.engine == engine && one.group == group) return one;
    throw std::out_of_range("no such operation");
  }
  [[nodiscard]] Cycle cycles(Engine engine) const { return record(engine, 0).done - record(engine, 0).start; }
  std::vector<OperationRecord> done_;
};

// The second layer is taken at once, and would write from when the first should have ended; a reader has half
// of the port, so that the first goes on.
TEST_F(SharedPort, WritesStandBehindThoseOfTheLayerBefore) {
  FakeLayer first = bound(1000, Client::kRubik, false), second = bound(500, Client::kRubik, false);
  first.early.emplace_back(Unit::kRubik, 100);
  second.steady = 500;
  run({first, second}, {bound(2000, Client::kCdp, true)});
  ASSERT_EQ(done_.size(), 3U);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), 2000, 20);
  const Cycle behind = record(Engine::kRubik, 1).done - record(Engine::kRubik, 0).done;
  EXPECT_NEAR(static_cast<double>(behind), 1000, 20);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kCdp)), 3500, 20);
}

// Six tenths of the port for writes, of which reads leave five for 400 cycles: 40 cycles' worth wait, and are
// written later. A buffer that takes only 30 of them keeps the layer for the time of the other 10.
TEST_F(SharedPort, WritesThatABufferHoldsDoNotSlowDown) {
  for (const double buffer : {30.0, 50.0}) {
    done_.clear();
    FakeLayer layer = bound(1000, Client::kRubik, false);
    layer.operations.front().phases = {{Resource::kRubikCore, 1000}};
    layer.operations.front().dbb.written[static_cast<std::size_t>(Client::kRubik)] =
        std::uint64_t{600} * preset("nv_full").dbb_width_bytes;
    layer.write_buffer = buffer;
    run({layer}, {bound(200, Client::kCdp, true)});
    ASSERT_EQ(done_.size(), 2U);
    EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), buffer > 40 ? 1000 : 1000 + 10 / 0.6, 2);
  }
}

// The second layer is taken at once, and would write from its 50th cycle on: its output comes behind that of
// the first, to which a reader leaves half of the port, and is computed meanwhile.
TEST_F(SharedPort, WhatIsComputedIsQueuedBehindTheOutputOfTheLayerBefore) {
  FakeLayer first = bound(1000, Client::kRubik, false), second = bound(500, Client::kRubik, false);
  first.early.emplace_back(Unit::kRubik, 100);
  first.moves_until = 1000;
  second.first_write = 50;
  second.moves_until = 500;
  second.write_buffer = 1000;
  run({first, second}, {bound(200, Client::kCdp, true)});
  ASSERT_EQ(done_.size(), 3U);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), 1200, 2);
  const Cycle behind = record(Engine::kRubik, 1).done - record(Engine::kRubik, 0).done;
  EXPECT_NEAR(static_cast<double>(behind), 450, 2);
}

// Two readers have half of the port each. When a third layer comes that needs nothing of it, the one that has
// less left than a latency has not asked for its last beats before all others.
TEST_F(SharedPort, WhoSharesHasNoReadsInFront) {
  FakeLayer first = bound(1000, Client::kRubik, true), nothing = bound(10, Client::kRubik, false);
  first.early.emplace_back(Unit::kRubik, 985);
  nothing.operations.front().dbb = {};
  nothing.operations.front().phases = {{Resource::kRubikCore, 10}};
  run({first, nothing}, {bound(1000, Client::kCdp, true)});
  ASSERT_EQ(done_.size(), 3U);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), 2000, 2);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kCdp)), 2000, 2);
}

FakeLayer burst(std::uint32_t beats, Client client, bool whole = true) {
  FakeLayer layer = bound(beats + 100, client, true);
  layer.walked.emplace(client, beats, whole);
  return layer;
}

// Rubik comes a few cycles later. Walked, each has half of the requests until CDP has all of its own; Rubik
// is late by those, not by a share of its whole time.
TEST_F(SharedPort, LayersThatCanBeWalkedAreLateByWhatStandsBetweenTheirRequests) {
  run({burst(1000, Client::kRubik)}, {burst(200, Client::kCdp)});
  ASSERT_EQ(done_.size(), 2U);
  const Cycle apart = record(Engine::kRubik, 0).start - record(Engine::kCdp, 0).start;
  ASSERT_LT(apart, 150);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kCdp)), 300 + 200 - apart, 3);
  EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), 1100 + 200 - apart, 3);
}

// What goes on before the port is shared goes on in its own time.
TEST_F(SharedPort, PartsOfAWalkedLayerAreLateAsItIs) {
  FakeLayer first = burst(1000, Client::kRubik), second = bound(100, Client::kRubik, true);
  first.early.emplace_back(Unit::kRubik, 1050);
  second.steady = 100;
  run({first, second}, {burst(200, Client::kCdp)});
  ASSERT_EQ(done_.size(), 3U);
  const Cycle apart = record(Engine::kRubik, 0).start - record(Engine::kCdp, 0).start;
  const Cycle released = record(Engine::kRubik, 1).start - record(Engine::kRubik, 0).start;
  EXPECT_NEAR(static_cast<double>(released), 1050 + 200 - apart, 20);
}

// One with too many requests, or that is not walked at all, shares the port as before.
TEST_F(SharedPort, OneThatIsNotWalkedKeepsAllFromIt) {
  for (const bool none : {false, true}) {
    done_.clear();
    FakeLayer layer = burst(1000, Client::kRubik, false);
    if (none) layer.walked.reset();
    run({layer}, {burst(1000, Client::kCdp)});
    ASSERT_EQ(done_.size(), 2U);
    EXPECT_NEAR(static_cast<double>(cycles(Engine::kRubik)), 2200, 100);
    EXPECT_NEAR(static_cast<double>(cycles(Engine::kCdp)), 2200, 100);
  }
}

FakeLayer copy(std::uint32_t beats, Client client) {
  BdmaTransfer transfer;
  transfer.source = {MemorySpace::kDbb, 0, 64 * beats, 64 * beats};
  transfer.destination = {MemorySpace::kDbb, 0x100000, 64 * beats, 64 * beats};
  transfer.line_bytes = 64 * beats;
  transfer.lines = 1;
  memory::MemorySystem memory;
  memory.dbb = {50, 64};
  const amaix::Estimate estimate =
      amaix::estimate_bdma({transfer}, preset("nv_full"), memory, amaix::Level::kRefined);
  FakeLayer layer = bound(estimate.cycles, client, true);
  layer.linked = transfer;
  return layer;
}

// The second is taken at once, and reads behind the first one's reads while the first still writes: 600 beats
// pass the port without a pause between the first one's first and the second one's last.
TEST_F(SharedPort, LayersOfOneEngineFollowEachOtherInARow) {
  FakeLayer first = copy(200, Client::kRubik);
  first.early.emplace_back(Unit::kRubik, 20);
  run({first, copy(100, Client::kRubik)}, {});
  ASSERT_EQ(done_.size(), 2U);
  const Cycle both = record(Engine::kRubik, 1).done - record(Engine::kRubik, 0).start;
  EXPECT_NEAR(static_cast<double>(both), 600 + 2 * 50 + 25, 25);  // there and back, and the unit's registers
}

TEST_F(SharedPort, LayersOfTwoEnginesAreNoRow) {
  const FakeLayer layer = copy(1000, Client::kRubik);
  run({layer}, {copy(1000, Client::kCdp)});
  ASSERT_EQ(done_.size(), 2U);
  for (const Engine engine : {Engine::kRubik, Engine::kCdp})
    EXPECT_NEAR(static_cast<double>(cycles(engine)), 2 * layer.cycles, 0.1 * layer.cycles);
}

Lump convolution(const FakeLayer& layer, std::uint32_t index, Cycle begin, Cycle at) {
  Lump lump;
  lump.layer = layer;
  lump.layer.operations.front().engine = Engine::kConv;
  lump.layer.operations.front().activation.index = index;
  lump.begin = begin;
  lump.length = static_cast<Cycle>(layer.cycles);
  lump.at = at;
  lump.own = static_cast<double>(at - begin);
  return lump;
}

// What CDMA fetches for the second layer takes turns with the first's reads, which are late by as much. When
// the second layer is complete it has its own requests, from when CDMA took it.
TEST(SharedLayers, AFetchUnderTheLayerBeforeIsWalkedAndThenItsWholeLayer) {
  const HardwareParameters& hardware = preset("nv_full");
  memory::MemorySystem memory;
  memory.dbb = {50, 64, 256};
  const FakeLayer first = burst(1000, Client::kCdmaWt), second = burst(600, Client::kCdmaDat);
  Units units;
  units.push_back(std::make_unique<FakeConvolution>(std::vector<FakeLayer>{first, second}, 300));
  SharedLayers shared(memory, hardware, units);
  std::vector<Lump> lumps = {convolution(first, 0, 1000, 1100)};
  TakenParts parts;
  parts[static_cast<std::size_t>(Unit::kCdma)] = TakenPart{Activation{1, 1}, 1100};
  ASSERT_TRUE(shared.fetch(parts, {0, {{MemorySpace::kDbb, 300, 0}}}, lumps));
  EXPECT_TRUE(shared.fetching());
  EXPECT_NEAR(lumps.front().delay->passed(1050), 1050 + 300, 3);
  // CSC takes it; it still fetches as much.
  parts[static_cast<std::size_t>(Unit::kCsc)] = TakenPart{Activation{1, 1}, 2300};
  shared.fetch_on(parts, lumps);
  EXPECT_TRUE(shared.fetching());
  EXPECT_NEAR(lumps.front().delay->passed(1050), 1050 + 300, 3);
  Lump whole = convolution(second, 1, 1100, 2310);
  ASSERT_TRUE(shared.add(whole, lumps));
  EXPECT_FALSE(shared.fetching());
  EXPECT_NEAR(lumps.front().delay->passed(1050), 1050 + 600, 3);
  // The first has had 250 of its beats when the second begins to read, and each has half of the port then.
  EXPECT_NEAR(whole.delay->passed(650), 50 + 2 * 600, 310);
  EXPECT_GT(whole.own, 600);
  // A third one under the second: the first is over.
  std::vector<Lump> later = {std::move(whole)};
  later.front().at = 2800;
  later.front().own = later.front().delay->own(1700);
  parts[static_cast<std::size_t>(Unit::kCdma)]->at = 2800;
  parts[static_cast<std::size_t>(Unit::kCsc)].reset();
  ASSERT_TRUE(shared.fetch(parts, {0, {{MemorySpace::kDbb, 300, 0}}}, later));
  EXPECT_EQ(later.front().shared, 0U);
}

}  // namespace
}  // namespace nvdla::engine
