// SPDX-License-Identifier: Apache-2.0
// The component in a platform: DMA errors, DMI, reset in mid-operation, unbound and wrongly bound sockets,
// a bus of 64 bits.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

using sc_core::sc_time;

class Component : public FreshKernel {};
class ComponentModes : public FreshKernel, public testing::WithParamInterface<DmaMode> {};
INSTANTIATE_TEST_SUITE_P(Modes, ComponentModes, testing::Values(DmaMode::kNonBlocking, DmaMode::kBlocking));

void sleep(BenchCpu& cpu, double ns) { cpu.spend(sc_time(ns, sc_core::SC_NS)); }

std::vector<std::string>*& report_sink() {
  static std::vector<std::string>* sink = nullptr;
  return sink;
}

// -- DMA errors

TEST_F(Component, DmaErrorsAreCountedAndToldOncePerClient) {
  Bench bench;
  bench.dbb.fail_from = 0x80000000;  // the input cube and the weights of the convolution; SDP writes
  bench.run([](BenchCpu& cpu) {
    program_convolution(cpu, "nv_full", 0);
    enable_convolution(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kSdp, 0));  // simulation goes on, as hardware does
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.device.dma_errors(), bench.dbb.accesses);
  EXPECT_GT(bench.device.dma_errors(Client::kCdmaDat), 1U);
  EXPECT_GT(bench.device.dma_errors(Client::kCdmaWt), 1U);
  EXPECT_EQ(bench.device.dma_errors(Client::kPdp), 0U);
  ASSERT_TRUE(bench.device.first_dma_error().has_value());
  EXPECT_EQ(bench.listener.warnings.size(), 3U) << "CDMA data, CDMA weights, SDP";
  for (const std::string& text : bench.listener.warnings) {
    EXPECT_TRUE(registers::test::mentions(text, {"DMA", "at 0x80", "TLM_ADDRESS_ERROR_RESPONSE"}));
  }
}

TEST_F(Component, DmaErrorStopsWhenAskedTo) {
  Bench::Options options;
  options.parameters.stop_on_dma_error = true;
  Bench bench(options);
  bench.dbb.fail_from = 0;
  try {
    bench.run([](BenchCpu& cpu) {
      program_pdp(cpu, "nv_full", 0);
      enable_pdp(cpu, 0);
      cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
    });
    FAIL() << "no error";
  } catch (const sc_core::sc_report& report) {
    EXPECT_TRUE(registers::test::mentions(report.get_msg(), {"DMA read of client pdp at 0x0"}));
  }
  EXPECT_EQ(bench.device.dma_errors(), 1U);
}

// -- modes

// The convenience socket of a target with b_transport only serves one request at a time in AT: said once.
TEST_F(Component, BlockingOnlyTargetOfTheNonBlockingModeIsWarnedAbout) {
  Bench::Options options;
  options.answer = Answer::kAnnotate;
  Bench bench(options);
  std::vector<std::string> reports;
  report_sink() = &reports;
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING,
                                          sc_core::SC_CACHE_REPORT | sc_core::SC_DISPLAY);
  sc_core::sc_report_handler::set_handler(
      [](const sc_core::sc_report& report, const sc_core::sc_actions& /*actions*/) {
        report_sink()->push_back(report.get_msg());
      });
  bench.run([](BenchCpu& cpu) {
    program_convolution(cpu, "nv_full", 0);
    enable_convolution(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kSdp, 0));
  });
  sc_core::sc_report_handler::set_handler(sc_core::sc_report_handler::default_handler);
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_TRUE(registers::test::mentions(reports[0], {"dbb_port", "one at a time", "kBlocking"}));
}

// -- DMI

TEST_P(ComponentModes, DmiIsUsedUntilItIsInvalidated) {
  Bench::Options options;
  options.answer = Answer::kAnnotate;
  options.parameters.dma_mode = GetParam();
  options.parameters.use_dmi = true;
  options.parameters.options.tensors = false;  // this memory has no bytes
  Bench bench(options);
  bench.dbb.grant_dmi = true;
  std::uint64_t first = 0, second = 0;
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    program_pdp(cpu, "nv_full", 1);
    enable_pdp(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
    first = bench.dbb.accesses;
    enable_pdp(cpu, 1);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 1));
    second = bench.dbb.accesses;
    bench.dbb.grant_dmi = false;
    bench.dbb.socket->invalidate_direct_mem_ptr(0, UINT64_MAX);
    enable_pdp(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  const auto pdp = static_cast<std::size_t>(Client::kPdp);
  const auto& traffic = bench.listener.done.at(2).dbb;
  EXPECT_EQ(bench.listener.done.at(1).dbb.read[pdp], traffic.read[pdp]) << "bytes are counted all the same";
  EXPECT_EQ(second, first) << "granted: no further call";
  EXPECT_GE(bench.dbb.accesses - second, traffic.read[pdp] / 256) << "invalidated: every chunk calls";
}

// -- end of simulation

TEST_F(Component, UnfinishedWorkAndDmaErrorsAreToldAtTheEnd) {
  std::vector<std::string> texts;
  report_sink() = &texts;
  Bench bench;
  bench.dbb.fail_from = 0;
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    enable_pdp(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
    program_sdp(cpu, "nv_full", 0);
    cpu.enable({Unit::kSdp}, 0);  // without its read DMA
    sleep(cpu, 1000);
    sc_core::sc_report_handler::set_handler(
        [](const sc_core::sc_report& report, const sc_core::sc_actions& /*actions*/) {
          if (report.get_msg_type() == std::string("nvdla")) report_sink()->emplace_back(report.get_msg());
        });
    sc_core::sc_stop();
  });
  sc_core::sc_report_handler::set_handler(sc_core::sc_report_handler::default_handler);
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_TRUE(registers::test::mentions(texts[0], {"not done when the simulation ends", "SDP", "group 0"}));
  const std::string errors = std::to_string(bench.device.dma_errors());
  EXPECT_TRUE(
      registers::test::mentions(texts[1], {errors.c_str(), "DMA accesses were answered with an error"}));
}

// -- reset

TEST_P(ComponentModes, ResetInMidOperationLeavesNothingBehind) {
  Bench::Options options;
  options.parameters.dma_mode = GetParam();
  options.answer = GetParam() == DmaMode::kBlocking ? Answer::kWait : Answer::kFourPhases;
  Bench bench(options);
  bench.dbb.latency = sc_time(400, sc_core::SC_NS);
  const auto convolve = [](BenchCpu& cpu) {
    while ((cpu.read(Unit::kCdma, "S_CBUF_FLUSH_STATUS") & 1U) == 0) sleep(cpu, 100);
    program_convolution(cpu, "nv_full", 0);
    const sc_time begin = cpu.now();
    enable_convolution(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kSdp, 0));
    return cpu.now() - begin;
  };
  bench.run([&](BenchCpu& cpu) {
    const sc_time fresh = convolve(cpu);
    cpu.write(Unit::kGlb, "S_INTR_STATUS", 0xffffffff);
    const std::uint64_t whole = bench.dbb_checker.begun;
    program_convolution(cpu, "nv_full", 1);
    enable_convolution(cpu, 1);
    cpu.write(Unit::kGlb, "S_INTR_SET", 1);
    sleep(cpu, 300);
    EXPECT_TRUE(bench.irq.read());
    EXPECT_GT(bench.dbb_checker.open(), 0U) << "the test must hit DMA in flight";
    EXPECT_LT(bench.dbb_checker.begun, 2 * whole);
    bench.reset_n.write(false);
    sleep(cpu, 1);
    const std::uint64_t begun = bench.dbb_checker.begun;
    sleep(cpu, 10);
    EXPECT_FALSE(bench.irq.read()) << "the line falls with reset";
    bench.reset_n.write(true);
    sleep(cpu, 5000);
    EXPECT_EQ(bench.dbb_checker.begun, begun) << "no request after reset";
    EXPECT_EQ(bench.dbb_checker.open(), 0U) << "the protocol of open ones is completed";
    EXPECT_EQ(cpu.read(Unit::kCdma, "S_STATUS"), 0U);
    EXPECT_EQ(cpu.read(Unit::kGlb, "S_INTR_STATUS"), 0U);
    EXPECT_EQ(bench.device.unfinished(), std::vector<std::string>{});
    cpu.handled = 0;
    EXPECT_EQ(convolve(cpu), fresh) << "as if nothing had been";
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.dbb_checker.begun, bench.dbb_checker.ended);
}

// -- sockets

TEST_F(Component, UnboundCvsramIsWarnedAboutAndDoesNotHang) {
  Bench::Options options;
  options.bind_cvsram = false;
  Bench bench(options);
  bench.run([](BenchCpu& cpu) {
    start_bdma(cpu, "nv_full", 0);  // main memory to CVSRAM
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.warnings.size(), 1U);
  EXPECT_TRUE(registers::test::mentions(bench.listener.warnings[0], {"CVSRAM", "not bound", "bdma"}));
}

class Idle : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Idle, 64> socket;
  explicit Idle(sc_core::sc_module_name name) : sc_module(name), socket("socket") {}
};

std::string elaboration_error() {
  try {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  } catch (const sc_core::sc_report& report) {
    return report.get_msg();
  }
  return "";
}

TEST_F(Component, NoBusAtAllIsAnElaborationError) {
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_small");
  Nvdla device("nvdla", parameters);
  EXPECT_EQ(elaboration_error(), "nvdla: neither csb nor csb64 is bound");
}

TEST_F(Component, CvsramOfAConfigurationWithoutIsAnElaborationError) {
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_small");
  Nvdla device("nvdla", parameters);
  Idle bus("bus");
  BenchMemory sram("sram", Answer::kAnnotate);
  bus.socket.bind(device.csb64);
  device.cvsram.bind(sram.socket);
  EXPECT_TRUE(registers::test::mentions(elaboration_error(), {"cvsram is bound", "nv_small", "no CVSRAM"}));
}

TEST_F(Component, SixtyFourBitBusReachesTheSameRegisters) {
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_full");
  Nvdla device("nvdla", parameters);
  Idle bus("bus");
  bus.socket.bind(device.csb64);
  ASSERT_EQ(elaboration_error(), "");
  const registers::RegisterMap& map = device.accelerator().register_file().map();
  std::uint32_t values[2] = {63, 0x000d000d};
  tlm::tlm_generic_payload payload;
  payload.set_address(map.offset(Unit::kCdma, "D_DATAIN_SIZE_1"));  // and D_DATAIN_SIZE_EXT_0
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(values));
  payload.set_data_length(8);
  payload.set_streaming_width(8);
  payload.set_command(tlm::TLM_WRITE_COMMAND);
  sc_time delay;
  bus.socket->b_transport(payload, delay);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
  std::uint32_t copy[2] = {};
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(copy));
  payload.set_command(tlm::TLM_READ_COMMAND);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  bus.socket->b_transport(payload, delay);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(copy[0], values[0]);
  EXPECT_EQ(copy[1], values[1]);
  copy[0] = 0;
  EXPECT_EQ(bus.socket->transport_dbg(payload), 8U);
}

}  // namespace
}  // namespace nvdla::device
