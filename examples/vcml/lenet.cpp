// SPDX-License-Identifier: Apache-2.0
// The LeNet of examples/lenet on a VCML platform: bus, memory, clock, reset, NVDLA, and a processor stand-in
// on which the driver of compiled networks runs. Classifies ten digits and prints answer, time and
// interrupts.
//   nvdla_vcml_lenet -c board.npu.config=nv_small -c board.cpu.folder=examples/lenet
#include <cstdlib>

#include "host/driver/driver.h"
#include "host/images/classes.h"
#include "host/images/image.h"
#include "host/images/picture_input.h"
#include "nvdla_vcml.h"

using namespace nvdla::host;

constexpr vcml::u64 kNvdla = 0x10200000, kMemory = 0x80000000, kMemorySize = 0x1000000;

class driver_cpu : public vcml::component, private DeviceAccess {
 public:
  vcml::property<std::string> folder{"folder", "examples/lenet"};
  vcml::tlm_initiator_socket data{"data"};
  vcml::gpio_target_socket irq{"irq"};
  const vcml_nvdla* npu = nullptr;
  int right = 0;

  explicit driver_cpu(const sc_core::sc_module_name& name) : vcml::component(name) {
    SC_HAS_PROCESS(driver_cpu);
    SC_THREAD(classify);
  }

 private:
  void check(tlm::tlm_response_status status, vcml::u64 address) {
    if (vcml::failed(status))
      VCML_ERROR("%s: no answer at 0x%llx", this->name(), (unsigned long long)address);
  }
  void write_register(std::uint32_t offset, std::uint32_t value) override {
    check(data.writew(kNvdla + offset, value), kNvdla + offset);
    sync();
  }
  std::uint32_t read_register(std::uint32_t offset) override {
    std::uint32_t value = 0;
    check(data.readw(kNvdla + offset, value), kNvdla + offset);
    sync();
    return value;
  }
  bool wait_for_interrupt() override {
    if (!irq) wait(sc_core::sc_time(1, sc_core::SC_SEC), irq.default_event());
    interrupts_ += irq ? 1 : 0;
    return irq;
  }
  // Without time: the network is there before the accelerator starts.
  void write_memory(nvdla::MemorySpace, std::uint64_t address, const unsigned char* bytes,
                    std::size_t length) override {
    check(data.write(address, bytes, static_cast<unsigned>(length), vcml::SBI_DEBUG), address);
  }
  void read_memory(nvdla::MemorySpace, std::uint64_t address, unsigned char* bytes,
                   std::size_t length) override {
    check(data.read(address, bytes, static_cast<unsigned>(length), vcml::SBI_DEBUG), address);
  }

  void classify() {
    const nvdla::HardwareParameters& hardware = npu->device().accelerator().hardware();
    const std::uint32_t atom = hardware.memory_atom_bytes;
    const Loadable network = read_loadable(folder.get() + "/lenet_" + hardware.name + ".nvdla");
    wait(sc_core::sc_time(1, sc_core::SC_US));
    for (std::size_t digit = 0; digit < 10; ++digit) {
      Driver driver(network, hardware, *this, {});
      const LoadableTensor &in = *driver.inputs().at(0), &out = *driver.outputs().at(0);
      const Image picture = read_image(folder.get() + "/digits/" + std::to_string(digit) + ".pgm");
      driver.set_input(0, encode_tensor(in, atom, picture_values(picture, in, {})));
      const sc_core::sc_time begin = sc_core::sc_time_stamp();
      interrupts_ = 0;
      driver.run();
      const std::size_t answer = top_classes(decode_tensor(out, atom, driver.output(0)), 1)[0].index;
      if (answer == digit) ++right;
      log_info("%zu.pgm: %zu, %s, %d interrupts", digit, answer,
               (sc_core::sc_time_stamp() - begin).to_string().c_str(), interrupts_);
    }
    sc_core::sc_stop();
  }

  int interrupts_ = 0;
};

class board : public vcml::system {
 public:
  explicit board(const sc_core::sc_module_name& name)
      : vcml::system(name), npu_(dynamic_cast<vcml_nvdla&>(static_cast<vcml::module&>(model_))) {
    for (vcml::component* part :
         {static_cast<vcml::component*>(&bus_), static_cast<vcml::component*>(&memory_),
          static_cast<vcml::component*>(&cpu), static_cast<vcml::component*>(&npu_)}) {
      clock_.clk.bind(part->clk);
      reset_.rst.bind(part->rst);
    }
    bus_.bind(cpu.data);
    bus_.bind(npu_.dbb);
    bus_.bind(npu_.in, kNvdla, kNvdla + 0x1ffff);
    bus_.bind(memory_.in, kMemory, kMemory + kMemorySize - 1);
    if (npu_.cvsram) npu_.cvsram->stub();  // no second memory on this board
    npu_.irq.bind(cpu.irq);
    cpu.npu = &npu_;
  }

  driver_cpu cpu{"cpu"};

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
  return platform.cpu.right == 10 ? result : EXIT_FAILURE;
}
