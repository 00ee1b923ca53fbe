// SPDX-License-Identifier: Apache-2.0
// A VCML platform: bus, memory, clock, reset, NVDLA by its model name, and a processor stand-in whose program
// copies 1 MiB by BDMA as examples/platform does, sees a DMA error, and resets the device in mid-operation.
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "nvdla_vcml.h"

namespace {

using nvdla::Unit;

constexpr vcml::u64 kNvdla = 0x10200000, kMemory = 0x80000000, kMemorySize = 0x20000000;
constexpr std::uint32_t kBdmaDone = 1U << 6;  // group 0

}  // namespace

class stand_in : public vcml::component {
 public:
  vcml::tlm_initiator_socket data{"data"};
  vcml::gpio_target_socket irq{"irq"};
  vcml::gpio_initiator_socket npu_reset{"npu_reset"};
  const vcml_nvdla* npu = nullptr;
  bool passed = false;

  explicit stand_in(const sc_core::sc_module_name& name) : vcml::component(name) {
    SC_HAS_PROCESS(stand_in);
    SC_THREAD(program);
  }

 private:
  std::uint64_t at(Unit unit, const char* reg) {
    return kNvdla + npu->device().accelerator().register_file().map().offset(unit, reg);
  }
  void write(Unit unit, const char* reg, std::uint32_t value) {
    expect(vcml::success(data.writew(at(unit, reg), value)), reg);
  }
  std::uint32_t read(Unit unit, const char* reg) {
    std::uint32_t value = 0;
    expect(vcml::success(data.readw(at(unit, reg), value)), reg);
    return value;
  }
  void expect(bool condition, const char* what) {
    if (condition) return;
    failures_++;
    log_error("failed: %s", what);
  }

  void start_copy(std::uint32_t from) {
    const std::pair<const char*, std::uint32_t> registers[] = {{"CFG_SRC_ADDR_LOW", from},
                                                               {"CFG_DST_ADDR_LOW", 0x90000000},
                                                               {"CFG_LINE", 4096 / 32 - 1},
                                                               {"CFG_LINE_REPEAT", 255},
                                                               {"CFG_SRC_LINE", 4096},
                                                               {"CFG_DST_LINE", 4096},
                                                               {"CFG_CMD", 3},
                                                               {"CFG_OP", 1},
                                                               {"CFG_LAUNCH0", 1}};
    for (const auto& [reg, value] : registers) write(Unit::kBdma, reg, value);
    sync();
  }
  void handle_interrupt() {
    if (!irq) wait(irq.default_event());
    expect(read(Unit::kGlb, "S_INTR_STATUS") == kBdmaDone, "status of BDMA");
    write(Unit::kGlb, "S_INTR_STATUS", kBdmaDone);
    sync();
    wait(sc_core::sc_time(20, sc_core::SC_NS));
    expect(!irq, "the line falls");
  }

  void program() {
    wait(sc_core::sc_time(1, sc_core::SC_US));
    expect(read(Unit::kGlb, "S_NVDLA_HW_VERSION") != 0, "hardware version");
    start_copy(kMemory);
    const sc_core::sc_time begin = sc_core::sc_time_stamp();
    wait(irq.default_event());
    log_info("copied 1 MiB in %s", (sc_core::sc_time_stamp() - begin).to_string().c_str());
    handle_interrupt();
    expect(npu->device().dma_errors() == 0, "no DMA errors");

    start_copy(0x70000000);  // nothing is there
    handle_interrupt();
    expect(npu->device().dma_errors() > 0, "DMA errors are counted");

    start_copy(kMemory);
    wait(sc_core::sc_time(2, sc_core::SC_US));
    expect(!npu->device().unfinished().empty(), "busy");
    npu_reset = true;
    npu_reset = false;
    wait(sc_core::sc_time(2, sc_core::SC_MS));
    expect(!irq && npu->device().unfinished().empty(), "nothing is left of before reset");
    passed = failures_ == 0;
    sc_core::sc_stop();
  }

  int failures_ = 0;
};

class board : public vcml::system {
 public:
  explicit board(const sc_core::sc_module_name& name)
      : vcml::system(name), npu_(dynamic_cast<vcml_nvdla&>(static_cast<vcml::module&>(model_))) {
    const auto bind_clock = [this](vcml::component& part) {
      clock_.clk.bind(part.clk);
      if (&part != &npu_) reset_.rst.bind(part.rst);
    };
    bind_clock(bus_);
    bind_clock(memory_);
    bind_clock(cpu);
    bind_clock(npu_);
    bus_.bind(cpu.data);
    bus_.bind(npu_.dbb);
    bus_.bind(npu_.in, kNvdla, kNvdla + 0x1ffff);
    bus_.bind(memory_.in, kMemory, kMemory + kMemorySize - 1);
    if (npu_.cvsram) npu_.cvsram->stub();  // no second memory on this board
    npu_.irq.bind(cpu.irq);
    cpu.npu_reset.bind(npu_.rst);
    cpu.npu = &npu_;
  }

  stand_in cpu{"cpu"};

 private:
  vcml::generic::clock clock_{"clock", 1 * vcml::GHz};
  vcml::generic::reset reset_{"reset"};
  vcml::generic::bus bus_{"bus"};
  vcml::generic::memory memory_{"memory", kMemorySize, false, vcml::VCML_ALIGN_NONE,
                                60,       60};  // latency, cycles
  vcml::model model_{"npu", "vcml_nvdla"};
  vcml_nvdla& npu_;
};

int sc_main(int /*argc*/, char** /*argv*/) {
  board platform("board");
  const int result = platform.run();
  return platform.cpu.passed ? result : EXIT_FAILURE;
}
