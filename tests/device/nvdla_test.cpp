// SPDX-License-Identifier: Apache-2.0
// The component's CSB: response status of every kind of access, annotated times, delayed effect, debug
// access, reset and optional ports.
#include "device/nvdla.h"

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstring>

#include "fresh_kernel.h"
#include "registers/register_map.h"

namespace nvdla::device {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

class Cpu : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Cpu, 32> socket;
  explicit Cpu(sc_core::sc_module_name name) : sc_module(name), socket("socket") {}

  tlm::tlm_response_status access(bool write, std::uint64_t address, void* data, unsigned length = 4) {
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(length);
    if (payload.get_streaming_width() == 0) payload.set_streaming_width(length);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload, delay);
    const tlm::tlm_response_status status = payload.get_response_status();
    payload.set_streaming_width(0);
    payload.set_byte_enable_ptr(nullptr);
    return status;
  }
  tlm::tlm_response_status write(std::uint64_t address, std::uint32_t value) {
    return access(true, address, &value);
  }
  std::uint32_t read(std::uint64_t address) {
    std::uint32_t value = 0xdeadbeef;
    EXPECT_EQ(access(false, address, &value), tlm::TLM_OK_RESPONSE);
    return value;
  }
  std::uint32_t peek(std::uint64_t address) {
    std::uint32_t value = 0;
    tlm::tlm_generic_payload debug;
    debug.set_command(tlm::TLM_READ_COMMAND);
    debug.set_address(address);
    debug.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    debug.set_data_length(4);
    EXPECT_EQ(socket->transport_dbg(debug), 4U);
    return value;
  }

  tlm::tlm_generic_payload payload;
  sc_time delay = SC_ZERO_TIME;
};

class Ram : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Ram, DmaPort::kSocketBits> socket;
  explicit Ram(sc_core::sc_module_name name) : sc_module(name), socket("socket") {
    socket.register_b_transport(this, &Ram::b_transport);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
    delay += sc_time(50, SC_NS);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

class NvdlaTest : public FreshKernel {
 protected:
  NvdlaTest() : map_(registers::RegisterMap::of(Generation::kV1)) {
    cpu_.socket.bind(device_.csb);
    device_.dbb.bind(ram_.socket);
  }
  void start() { sc_core::sc_start(SC_ZERO_TIME); }
  [[nodiscard]] std::uint32_t at(Unit unit, const char* name) const { return map_.offset(unit, name); }

  static NvdlaParameters make() {
    NvdlaParameters parameters;
    parameters.hardware = preset("nv_full");
    return parameters;
  }
  Nvdla device_{"nvdla", make()};
  Cpu cpu_{"cpu"};
  Ram ram_{"ram"};
  const registers::RegisterMap& map_;
};

// CVSRAM, interrupt and reset_n stay unbound in every test here: that must elaborate.
TEST_F(NvdlaTest, AnswersEveryKindOfMisuse) {
  start();
  const std::uint32_t producer = at(Unit::kCdma, "S_POINTER");
  const std::uint32_t status = at(Unit::kCdma, "S_STATUS");
  std::uint64_t data = 0;
  EXPECT_EQ(cpu_.write(producer, 1), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(cpu_.write(status, 1), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.write(0x1ffffc, 1), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.access(false, 0x100000000ULL, &data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.access(false, producer + 2, &data), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.access(false, producer, &data, 2), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.access(false, producer, &data, 8), tlm::TLM_COMMAND_ERROR_RESPONSE);  // not aligned to 8
  cpu_.payload.set_streaming_width(2);
  EXPECT_EQ(cpu_.access(false, producer, &data), tlm::TLM_BURST_ERROR_RESPONSE);
  unsigned char half[2] = {TLM_BYTE_ENABLED, TLM_BYTE_DISABLED};
  cpu_.payload.set_byte_enable_ptr(half);
  cpu_.payload.set_byte_enable_length(2);
  EXPECT_EQ(cpu_.access(false, producer, &data), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  tlm::tlm_dmi dmi;
  EXPECT_FALSE(cpu_.socket->get_direct_mem_ptr(cpu_.payload, dmi));
}

// An access so far ahead that its time does not exist.
TEST_F(NvdlaTest, ADelayBeyondTheEndOfTimeIsRefused) {
  start();
  const std::uint32_t producer = at(Unit::kCdma, "S_POINTER");
  for (const sc_time& delay : {sc_core::sc_max_time(), sc_core::sc_max_time() - sc_core::sc_time_stamp()}) {
    cpu_.delay = delay;
    EXPECT_EQ(cpu_.write(producer, 1), tlm::TLM_GENERIC_ERROR_RESPONSE);
  }
  cpu_.delay = SC_ZERO_TIME;
  EXPECT_EQ(cpu_.write(producer, 1), tlm::TLM_OK_RESPONSE);
}

// Bridges send enables that are all on, and 64-bit accesses for one of two registers.
TEST_F(NvdlaTest, TakesByteEnablesOfWholeRegisters) {
  start();
  const std::uint32_t low = at(Unit::kCdma, "D_DATAIN_SIZE_1");  // and D_DATAIN_SIZE_EXT_0 behind it
  std::uint32_t data[2] = {0x33, 0x00110022};
  std::array<unsigned char, 8> enables{};
  enables.fill(TLM_BYTE_ENABLED);
  const auto access = [&](bool write, unsigned length) {
    cpu_.payload.set_byte_enable_ptr(enables.data());
    cpu_.payload.set_byte_enable_length(static_cast<unsigned>(enables.size()));
    return cpu_.access(write, low, data, length);
  };
  EXPECT_EQ(access(true, 8), tlm::TLM_OK_RESPONSE);
  data[0] = 0x44;
  data[1] = 0x00550066;
  EXPECT_EQ(access(true, 4), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(cpu_.read(low), 0x44U);
  EXPECT_EQ(cpu_.read(low + 4), 0x00110022U);

  for (unsigned i = 0; i < 4; ++i) enables[i] = TLM_BYTE_DISABLED;  // the second register only
  data[0] = 0x77;
  EXPECT_EQ(access(true, 8), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(cpu_.read(low), 0x44U);
  EXPECT_EQ(cpu_.read(low + 4), 0x00550066U);
  data[0] = data[1] = 0xdeadbeef;
  EXPECT_EQ(access(false, 8), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(data[0], 0xdeadbeefU) << "a disabled half is left alone";
  EXPECT_EQ(data[1], 0x00550066U);
  enables[5] = TLM_BYTE_DISABLED;
  EXPECT_EQ(access(true, 8), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.read(low + 4), 0x00550066U);
}

class DroppingNvdlaTest : public NvdlaTest {
 protected:
  static NvdlaParameters make_dropping() {
    NvdlaParameters parameters = make();
    parameters.options.drop_illegal_accesses = true;
    return parameters;
  }
  DroppingNvdlaTest() {
    second_cpu_.socket.bind(dropping_.csb);
    dropping_.dbb.bind(second_ram_.socket);
    dropping_.add_listener(warnings_);
    sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  }
  struct Warnings : engine::Listener {
    void on_warning(const std::string& text, Cycle /*at*/) override { texts.push_back(text); }
    std::vector<std::string> texts;
  };
  Nvdla dropping_{"dropping", make_dropping()};
  Cpu second_cpu_{"second_cpu"};
  Ram second_ram_{"second_ram"};
  Warnings warnings_;
};

// As hardware does: no bus error, and a warning for each register, also when the write comes late.
TEST_F(DroppingNvdlaTest, DropsWhatHardwareDrops) {
  start();
  const std::uint32_t status = at(Unit::kCdma, "S_STATUS");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(second_cpu_.write(status, 1), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(second_cpu_.write(0x1ffffc, 1), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(second_cpu_.read(0x1ffffc), 0U);
  EXPECT_EQ(second_cpu_.read(status), 0U);
  EXPECT_EQ(second_cpu_.access(false, status + 2, &warnings_), tlm::TLM_COMMAND_ERROR_RESPONSE);
  sc_core::sc_start(sc_time(1, sc_core::SC_US));
  EXPECT_EQ(warnings_.texts.size(), 3U);
}

TEST_F(NvdlaTest, SplitsSixtyFourBitAccesses) {
  start();
  const std::uint32_t low = at(Unit::kCdma, "D_DATAIN_SIZE_1");  // and D_DATAIN_SIZE_EXT_0 behind it
  ASSERT_EQ(low % 8, 0U) << "the test needs an aligned pair";
  const std::uint32_t values[2] = {0x00000033, 0x00110022};
  std::uint32_t data[2] = {values[0], values[1]};
  EXPECT_EQ(cpu_.access(true, low, data, 8), tlm::TLM_OK_RESPONSE);
  std::memset(data, 0, sizeof data);
  EXPECT_EQ(cpu_.access(false, low, data, 8), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(data[0], values[0]);
  EXPECT_EQ(data[1], values[1]);
}

TEST_F(NvdlaTest, AnnotatesTheTimeOfTheCsb) {
  start();
  const std::uint32_t line = at(Unit::kCdma, "D_LINE_STRIDE");
  std::vector<sc_time> times;
  for (std::uint32_t i = 0; i < 6; ++i) {
    cpu_.write(line, 64 * i);
    times.push_back(cpu_.delay);
  }
  // Five in a row, the sixth six cycles later; each takes one cycle.
  EXPECT_EQ(times[4], sc_time(5, SC_NS));
  EXPECT_EQ(times[5], sc_time(11, SC_NS));
  EXPECT_EQ(sc_time_stamp(), SC_ZERO_TIME) << "accesses never wait";
}

// A write offered at local time 40 ns takes effect then: not before, and a later read sees it.
TEST_F(NvdlaTest, WritesTakeEffectAtTheirLocalTime) {
  start();
  const std::uint32_t line = at(Unit::kCdma, "D_LINE_STRIDE");
  cpu_.delay = sc_time(40, SC_NS);
  EXPECT_EQ(cpu_.write(line, 0x80), tlm::TLM_OK_RESPONSE);
  sc_core::sc_start(sc_time(39, SC_NS));
  EXPECT_EQ(cpu_.peek(line), 0U);
  sc_core::sc_start(sc_time(2, SC_NS));
  EXPECT_EQ(cpu_.peek(line), 0x80U);

  cpu_.delay = sc_time(10, SC_NS);
  cpu_.write(line, 0x100);
  EXPECT_EQ(cpu_.read(line), 0x100U);  // read behind the write, in the same quantum
}

// While nothing is pending nobody but who looks can tell when a register is stored to: a row of writes ahead
// of time costs two events, and whoever looks sees those whose time has come.
TEST_F(NvdlaTest, StoresAheadOfTimeAreSeenInTheirTime) {
  start();
  sc_core::sc_start(sc_time(100, sc_core::SC_US));  // CBUF has been flushed
  const std::uint32_t line = at(Unit::kCdma, "D_LINE_STRIDE");
  const sc_time begin = sc_time_stamp();
  std::vector<sc_time> effects;
  for (std::uint32_t i = 1; i <= 40; ++i) {
    cpu_.write(line, 64 * i);
    effects.push_back(begin + cpu_.delay - sc_time(1, SC_NS));
  }
  const auto deltas = sc_core::sc_delta_count();
  for (const int after : {10, 15, 31}) {
    sc_core::sc_start(begin + sc_time(after, SC_NS) - sc_time_stamp());
    const auto come = std::upper_bound(effects.begin(), effects.end(), sc_time_stamp()) - effects.begin();
    ASSERT_GT(come, 0);
    EXPECT_EQ(cpu_.peek(line), 64U * static_cast<std::uint32_t>(come)) << after;
  }
  sc_core::sc_start(cpu_.delay);
  EXPECT_EQ(cpu_.peek(line), 64U * 40);
  EXPECT_LE(sc_core::sc_delta_count() - deltas, 2U);
}

TEST_F(NvdlaTest, StatusOfADelayedWriteIsKnownAtOnce) {
  start();
  cpu_.delay = sc_time(40, SC_NS);
  EXPECT_EQ(cpu_.write(at(Unit::kCdma, "S_STATUS"), 1), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(cpu_.write(0x1ffffc, 1), tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_F(NvdlaTest, ResetRestoresRegisters) {
  start();
  const std::uint32_t line = at(Unit::kCdma, "D_LINE_STRIDE");
  cpu_.write(line, 0x80);
  EXPECT_EQ(cpu_.peek(line), 0x80U);
  device_.reset();
  EXPECT_EQ(cpu_.peek(line), 0U);
}

TEST(NvdlaParameters, RejectsAClockWithoutPeriod) {
  const platform::SimulationContext kernel;
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_small");
  parameters.clock_period = SC_ZERO_TIME;
  EXPECT_THROW(Nvdla("nvdla", parameters), std::invalid_argument);
}

TEST(NvdlaParameters, RejectsADmaModeThatIsNone) {
  const platform::SimulationContext kernel;
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_small");
  parameters.dma_mode = static_cast<device::DmaMode>(9);
  EXPECT_THROW(Nvdla("nvdla", parameters), std::invalid_argument);
}

class ResetPinTest : public FreshKernel {};

TEST_F(ResetPinTest, LowRefusesAccessesAndDropsTheInterrupt) {
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_full");
  Nvdla device("nvdla", parameters);
  Cpu cpu("cpu");
  Ram ram("ram");
  sc_core::sc_signal<bool> reset_n("reset_n");
  sc_core::sc_signal<bool> interrupt("interrupt");
  cpu.socket.bind(device.csb);
  device.dbb.bind(ram.socket);
  device.reset_n.bind(reset_n);
  device.interrupt.bind(interrupt);
  const auto& map = registers::RegisterMap::of(Generation::kV1);
  const std::uint32_t set = map.offset(Unit::kGlb, "S_INTR_SET");

  sc_core::sc_start(sc_time(5, SC_NS));  // still low
  EXPECT_EQ(cpu.write(set, 1), tlm::TLM_GENERIC_ERROR_RESPONSE);
  reset_n.write(true);
  sc_core::sc_start(sc_time(5, SC_NS));
  EXPECT_EQ(cpu.write(set, 1), tlm::TLM_OK_RESPONSE);
  sc_core::sc_start(sc_time(5, SC_NS));
  EXPECT_TRUE(interrupt.read());
  reset_n.write(false);
  sc_core::sc_start(sc_time(5, SC_NS));
  EXPECT_FALSE(interrupt.read());
}

}  // namespace
}  // namespace nvdla::device
