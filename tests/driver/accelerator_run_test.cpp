// SPDX-License-Identifier: Apache-2.0
// The driver on the model itself: networks run to their end on the accelerator without SystemC, in the closed
// form, where every descriptor is decoded and every operation takes its time.
#include <gmock/gmock.h>

#include "engine/accelerator.h"
#include "host/driver/driver.h"
#include "memory/sparse_store.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::IsEmpty;

class ModelDevice : public DeviceAccess, private engine::Listener {
 public:
  explicit ModelDevice(const HardwareParameters& hardware) : accelerator_(hardware, options()) {
    accelerator_.add_listener(*this);
  }

  void write_register(std::uint32_t offset, std::uint32_t value) override {
    now_ = std::max(now_ + 1, accelerator_.now());
    const registers::AccessStatus status = accelerator_.write(offset, value, now_);
    if (status != registers::AccessStatus::kOk) faults.push_back(std::to_string(offset) + " was not written");
  }
  std::uint32_t read_register(std::uint32_t offset) override {
    now_ = std::max(now_ + 1, accelerator_.now());
    std::uint32_t value = 0;
    if (accelerator_.read(offset, value, now_) != registers::AccessStatus::kOk) {
      faults.push_back(std::to_string(offset) + " was not read");
    }
    return value;
  }
  bool wait_for_interrupt() override {
    while (!accelerator_.interrupt()) {
      const Cycle next = accelerator_.next_event();
      if (next == kNever) return false;
      now_ = std::max(now_, next);
      accelerator_.advance(next);
    }
    return true;
  }
  void write_memory(MemorySpace, std::uint64_t address, const unsigned char* data,
                    std::size_t length) override {
    memory_.write(address, data, length);
  }
  void read_memory(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) override {
    memory_.read(address, data, length);
  }
  [[nodiscard]] Cycle now() const { return now_; }

  std::vector<std::string> faults;
  std::vector<engine::OperationRecord> done;

 private:
  static engine::AcceleratorOptions options() {
    engine::AcceleratorOptions result;
    result.level = amaix::Level::kRefined;
    return result;
  }
  void on_done(const engine::OperationRecord& record) override { done.push_back(record); }
  void on_fault(const std::string& text, Cycle) override { faults.push_back(text); }

  engine::Accelerator accelerator_;
  memory::SparseStore memory_;
  Cycle now_ = 0;
};

struct Case {
  const char* hardware;
  Precision precision;
};

class ModelRun : public ::testing::TestWithParam<Case> {};

TEST_P(ModelRun, EveryOperationIsDecodedAndDone) {
  const HardwareParameters& hardware = preset(GetParam().hardware);
  tools::ChainBuilder chain(hardware, GetParam().precision, 20, 20, 32);
  chain.convolution(32, 3, true, true, false);
  chain.pooling(2, 2, 1);
  chain.convolution(16, 3, true, false, false);
  chain.elementwise(false);
  chain.normalisation(5);
  if (hardware.bdma) chain.copy();
  if (hardware.rubik) chain.contraction();
  const std::vector<unsigned char> bytes = chain.finish();
  const Loadable loadable = parse_loadable(bytes.data(), bytes.size(), "net");
  ModelDevice device(hardware);
  Driver driver(loadable, hardware, device, {});
  driver.run();
  EXPECT_THAT(device.faults, IsEmpty());
  EXPECT_EQ(device.done.size(), chain.builder().operations().size());
  EXPECT_GT(device.now(), 1000U);
}

INSTANTIATE_TEST_SUITE_P(Configurations, ModelRun,
                         ::testing::Values(Case{"nv_full", Precision::kInt8},
                                           Case{"nv_full", Precision::kFp16},
                                           Case{"nv_small", Precision::kInt8}));

}  // namespace
}  // namespace nvdla::host
