// SPDX-License-Identifier: Apache-2.0
// What the driver writes for small networks, and in which order: register groups, producer pointers, enables,
// interrupts. The device of the tests follows the register rules of the hardware.
#include <gmock/gmock.h>

#include "host/driver/driver.h"
#include "host/driver/driver_error.h"
#include "tests/support/instant_device.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Recorder : public OperationListener {
 public:
  void on_enabled(const OperationEvent& event) override {
    enabled.push_back(std::string(engine_name(event.engine)) + std::to_string(event.group) +
                      (event.rdma ? "r" + std::to_string(event.rdma_group) : ""));
  }
  void on_completed(const OperationEvent& event, const std::vector<OperationCounter>& counters) override {
    completed.push_back(std::string(engine_name(event.engine)) + std::to_string(event.operation));
    counter_count += counters.size();
  }
  std::vector<std::string> enabled, completed;
  std::size_t counter_count = 0;
};

struct NetworkRun {
  NetworkRun(const std::vector<unsigned char>& bytes, const HardwareParameters& hardware, std::uint32_t seed,
             bool statistics = false)
      : loadable(parse_loadable(bytes.data(), bytes.size(), "net")), device(hardware, seed) {
    DriverOptions options;
    options.listener = &recorder;
    options.statistics = statistics;
    Driver driver(loadable, hardware, device, options);
    driver.run();
  }
  // "SDP.D_OP_ENABLE=1" of the writes to registers whose name ends like this.
  [[nodiscard]] std::vector<std::string> writes(const std::string& ending) const {
    std::vector<std::string> result;
    for (const auto& access : device.writes()) {
      const std::string name = device.name(access);
      if (name.size() >= ending.size() &&
          name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
        result.push_back(name + "=" + std::to_string(access.value));
      }
    }
    return result;
  }
  [[nodiscard]] std::string value(const std::string& name) const {
    std::string result = "not written";
    for (const auto& access : device.writes()) {
      if (device.name(access) == name) result = std::to_string(access.value);
    }
    return result;
  }

  Loadable loadable;
  test::InstantDevice device;
  Recorder recorder;
};

std::vector<unsigned char> convolutions(const std::vector<bool>& bias, const std::vector<bool>& pool,
                                        const char* configuration = "nv_full") {
  tools::ChainBuilder chain(preset(configuration), Precision::kInt8, 40, 40, 16);
  for (std::size_t i = 0; i < bias.size(); ++i) chain.convolution(16, 3, bias[i], false, pool[i]);
  return chain.finish();
}

TEST(Scheduler, OneConvolutionIsProgrammedFromTheBackAndEnabledBehindItsSdp) {
  const NetworkRun run(convolutions({true}, {false}), preset("nv_full"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  EXPECT_THAT(
      run.writes("D_OP_ENABLE"),
      ElementsAre("SDP_RDMA.D_OP_ENABLE=1", "SDP.D_OP_ENABLE=1", "CACC.D_OP_ENABLE=1", "CMAC_A.D_OP_ENABLE=1",
                  "CMAC_B.D_OP_ENABLE=1", "CSC.D_OP_ENABLE=1", "CDMA.D_OP_ENABLE=1"));
  // Set before programming and before enabling.
  EXPECT_EQ(run.writes("S_POINTER").size(), 14U);
  EXPECT_EQ(run.value("CACC.D_DATAOUT_SIZE_0"), std::to_string(37 << 16 | 37));
  EXPECT_EQ(run.value("CSC.D_WEIGHT_SIZE_EXT_1"), std::to_string(15 << 16 | 15));
  EXPECT_EQ(run.value("CDMA.D_WEIGHT_BYTES"), std::to_string(16 * 16 * 9));
  EXPECT_EQ(run.value("CSC.D_ATOMICS"), std::to_string(38 * 38 - 1));
  EXPECT_EQ(run.value("CDMA.D_DAIN_MAP"), std::to_string(1 << 16 | 1));
  EXPECT_EQ(run.value("SDP.D_DP_BS_CFG"),
            std::to_string(2 << 2 | 1 << 4 | 1 << 6));  // sum, no multiplier, no ReLU
  EXPECT_THAT(run.recorder.completed, ElementsAre("CONV0", "SDP1"));
}

// Addresses: what the network brings, page by page, then input and output.
TEST(Scheduler, MemoryIsPlacedPageByPage) {
  const NetworkRun run(convolutions({true}, {false}), preset("nv_full"), 0);
  const auto places = place_memories(run.loadable, preset("nv_full"), {});
  std::uint64_t next = 0x80000000;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LoadableMemory& memory = run.loadable.memories[i];
    if (memory.input() || memory.output()) continue;
    EXPECT_EQ(places[i].address, next);
    next += (memory.size + 4095) / 4096 * 4096;
  }
  const std::uint64_t input = places[run.loadable.inputs()[0]].address;
  EXPECT_EQ(input, next);
  EXPECT_EQ(run.value("CDMA.D_DAIN_ADDR_LOW_0"), std::to_string(input));
  EXPECT_EQ(run.value("SDP.D_DST_BASE_ADDR_LOW"), std::to_string(places[run.loadable.outputs()[0]].address));
}

TEST(Scheduler, GroupsAlternate) {
  const NetworkRun run(convolutions({true, true, true}, {false, false, false}), preset("nv_full"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  EXPECT_THAT(run.recorder.enabled, ElementsAre("SDP0r0", "CONV0", "SDP1r1", "CONV1", "SDP0r0", "CONV0"));
}

// An operation without reader leaves the reader's pointer where it is: from then on the pair differs.
TEST(Scheduler, ReaderHasItsOwnPointer) {
  const NetworkRun run(convolutions({false, true, true, false, true}, std::vector<bool>(5, false)),
                       preset("nv_full"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  EXPECT_THAT(run.recorder.enabled, ElementsAre("SDP0", "CONV0", "SDP1r0", "CONV1", "SDP0r1", "CONV0", "SDP1",
                                                "CONV1", "SDP0r0", "CONV0"));
}

TEST(Scheduler, PoolingOnTheFlyHasNoReader) {
  tools::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 40, 40, 8);
  chain.convolution(8, 3, true, true, true);
  chain.pooling(3, 2, 1);
  chain.pooling(2, 2, 0);
  const NetworkRun run(chain.finish(), preset("nv_small"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  EXPECT_THAT(run.recorder.enabled, ElementsAre("PDP0", "SDP0r0", "CONV0", "PDP1r0", "PDP0r1"));
  EXPECT_THAT(run.writes("PDP.D_RECIP_KERNEL_WIDTH"),
              ElementsAre("PDP.D_RECIP_KERNEL_WIDTH=32768", "PDP.D_RECIP_KERNEL_WIDTH=21845",
                          "PDP.D_RECIP_KERNEL_WIDTH=32768"));
}

// Both groups can be done by the time that the CPU looks: the one that was enabled first is handled first.
TEST(Scheduler, CompletionsAreHandledInTheOrderOfProgramming) {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 16, 16, 32);
  chain.pooling(2, 2, 1);
  const auto pooling = std::get<DlaPdp>(chain.builder().operations()[0].work);
  for (int i = 0; i < 4; ++i) chain.builder().operation(pooling);
  const std::vector<unsigned char> bytes = chain.finish();
  for (std::uint32_t seed = 1; seed < 30; ++seed) {
    const NetworkRun run(bytes, preset("nv_full"), seed);
    EXPECT_THAT(run.recorder.completed, ElementsAre("PDP0", "PDP1", "PDP2", "PDP3", "PDP4"));
  }
}

// A table may only be written while the other group does not use the unit.
TEST(Scheduler, TablesWaitForTheOtherGroup) {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 8, 8, 32);
  chain.elementwise(false);
  chain.elementwise(true);
  chain.elementwise(true);
  const NetworkRun run(chain.finish(), preset("nv_full"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  // Entries of both tables, twice.
  EXPECT_EQ(run.writes("SDP.S_LUT_ACCESS_DATA").size(), 2U * (65 + 257));
  // Nothing of a table is written between an enable and the acknowledgement of its interrupt.
  bool running = false;
  for (const auto& access : run.device.writes()) {
    const std::string name = run.device.name(access);
    if (name == "SDP.D_OP_ENABLE") running = true;
    if (name == "GLB.S_INTR_STATUS") running = false;
    if (name.find("S_LUT_") != std::string::npos) {
      EXPECT_FALSE(running);
    }
  }
}

TEST(Scheduler, CopiesAreLaunchedGroupByGroup) {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 8, 8, 32);
  chain.copy();
  chain.copy();
  chain.copy();
  const NetworkRun run(chain.finish(), preset("nv_full"), 0);
  EXPECT_THAT(run.device.refused(), IsEmpty());
  EXPECT_THAT(run.writes("LAUNCH0"), ElementsAre("BDMA.CFG_LAUNCH0=1", "BDMA.CFG_LAUNCH0=1"));
  EXPECT_THAT(run.writes("LAUNCH1"), ElementsAre("BDMA.CFG_LAUNCH1=1"));
}

TEST(Scheduler, StatisticsEnableCountersAndReadThem) {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 12, 12, 16);
  chain.convolution(16, 3, true, false, false);
  chain.pooling(2, 2, 1);
  const std::vector<unsigned char> bytes = chain.finish();
  const NetworkRun without(bytes, preset("nv_full"), 0);
  const NetworkRun with(bytes, preset("nv_full"), 0, true);
  EXPECT_THAT(without.writes("D_PERF_ENABLE"), IsEmpty());
  EXPECT_THAT(with.writes("D_PERF_ENABLE"),
              ElementsAre("SDP.D_PERF_ENABLE=15", "CDMA.D_PERF_ENABLE=1", "PDP.D_PERF_ENABLE=1"));
  EXPECT_EQ(with.recorder.counter_count, 9U + 4 + 1);
}

// Whatever the order of completions, every operation runs once, behind what it depends on, and the register
// file takes every access.
TEST(Scheduler, EveryOrderOfCompletionsRunsTheGraph) {
  std::mt19937 random(7);
  for (std::uint32_t network = 0; network < 40; ++network) {
    tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 64, 64, 32);
    const std::uint32_t layers = random() % 8 + 2;
    for (std::uint32_t i = 0; i < layers; ++i) {
      switch (random() % 6) {
        case 0:
        case 1:
          chain.convolution(32, 3, random() % 2 == 0, random() % 2 == 0, i < 2 && random() % 2 == 0);
          break;
        case 2:
          chain.pooling(3, 1, random() % 3);
          break;
        case 3:
          chain.normalisation(5);
          break;
        case 4:
          chain.elementwise(random() % 2 == 0);
          break;
        default:
          random() % 2 == 0 ? chain.copy() : chain.contraction();
      }
    }
    const std::vector<unsigned char> bytes = chain.finish();
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      const NetworkRun run(bytes, preset("nv_full"), seed);
      EXPECT_THAT(run.device.refused(), IsEmpty()) << "network " << network << " seed " << seed;
      EXPECT_EQ(run.recorder.completed.size(), chain.builder().operations().size());
      EXPECT_EQ(run.recorder.enabled.size(), chain.builder().operations().size());
    }
  }
}

template <typename Change>
std::string driver_error(Change change, const char* configuration = "nv_full") {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 12, 12, 32);
  chain.convolution(32, 3, true, false, false);
  chain.pooling(2, 2, 1);
  chain.copy();
  const std::vector<unsigned char> original = chain.finish();
  (void)original;
  change(chain.builder());
  const std::vector<unsigned char> bytes = chain.builder().build();
  return test::thrown_text<DriverError>([&] { NetworkRun(bytes, preset(configuration), 0); });
}

template <typename T>
T& work(tools::LoadableBuilder& builder, std::size_t operation) {
  return std::get<T>(builder.operations()[operation].work);
}

TEST(Driver, RefusesWhatTheFirmwareRefuses) {
  EXPECT_EQ(driver_error([](auto&) {}), "");
  EXPECT_THAT(driver_error([](auto& b) { work<DlaConvolution>(b, 0).out_converter.scale = 2; }),
              HasSubstr("net: task_list[0] operation 0 (CONV): out_cvt"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaConvolution>(b, 0).source.address = 77; }),
              HasSubstr("source: address 77, but the task has"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaConvolution>(b, 0).weight.offset = 1 << 30; }),
              HasSubstr("weights: offset 1073741824 exceeds"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaConvolution>(b, 0).data_format = 40; }),
              HasSubstr("data_format is 40"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaSdp>(b, 1).lut = 3; }), HasSubstr("look-up table 3"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaPdp>(b, 2).stride_x = 0; }), HasSubstr("(PDP): stride 0x2"));
  EXPECT_THAT(driver_error([](auto& b) { work<DlaBdma>(b, 3).transfers[0].line_size = 33; }),
              HasSubstr("not a multiple of 32"));
  EXPECT_THAT(driver_error([](auto&) {}, "nv_large"), HasSubstr("this configuration has no BDMA"));
}

TEST(Driver, SaysWhatWaitsWhenNoInterruptComes) {
  EXPECT_THAT(driver_error([](auto& b) { ++b.operations()[2].dependencies; }),
              AllOf(HasSubstr("no interrupt comes any more; 2 of 4 operations are done"),
                    HasSubstr("PDP operation 2 in group 0 waits for 1 more events")));
  EXPECT_THAT(driver_error([](auto& b) { b.operations()[2].dependencies = 0; }),
              HasSubstr("more events come for it than its dependency_count says"));
}

TEST(Driver, InputsAndOutputsAreChecked) {
  const std::vector<unsigned char> bytes = convolutions({true}, {false});
  const Loadable loadable = parse_loadable(bytes.data(), bytes.size(), "net");
  test::InstantDevice device(preset("nv_full"), 0);
  Driver driver(loadable, preset("nv_full"), device, {});
  ASSERT_EQ(driver.inputs().size(), 1U);
  const std::size_t size = driver.inputs()[0]->size;
  EXPECT_THAT(test::thrown_text<DriverError>([&] { driver.set_input(1, {}); }),
              HasSubstr("no input 1, the network has 1"));
  EXPECT_THAT(test::thrown_text<DriverError>([&] { driver.set_input(0, {1, 2}); }), HasSubstr("not 2"));
  driver.set_input(0, std::vector<unsigned char>(size, 5));
  unsigned char byte = 0;
  device.read_memory(MemorySpace::kDbb, driver.memories()[loadable.inputs()[0]].address + size - 1, &byte, 1);
  EXPECT_EQ(byte, 5);
  EXPECT_EQ(driver.output(0).size(), driver.outputs()[0]->size);
}

TEST(MemoryLayout, RefusesWhatDoesNotFit) {
  std::vector<unsigned char> bytes = convolutions({true}, {false});
  Loadable loadable = parse_loadable(bytes.data(), bytes.size(), "net");
  loadable.memories[2].size = std::uint64_t{1} << 33;
  EXPECT_THAT(
      test::thrown_text<DriverError>([&] { (void)place_memories(loadable, preset("nv_small"), {}); }),
      HasSubstr("net: memory_list[2]: 8589934592 bytes do not fit into the address space of 32 bits"));
  loadable.memories[2].size = 64;
  loadable.memories[2].sram = true;
  EXPECT_THAT(test::thrown_text<DriverError>([&] { (void)place_memories(loadable, preset("nv_small"), {}); }),
              HasSubstr("is in CVSRAM, which nv_small does not have"));
  EXPECT_EQ(place_memories(loadable, preset("nv_full"), {})[2].address, 0x50000000U);
}

}  // namespace
}  // namespace nvdla::host
