// SPDX-License-Identifier: Apache-2.0
// The SystemC memory and the replay of DMA traces through it: the same times as memory::MemoryTiming, data,
// windows, DMI.
#include "platform/memory.h"

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstring>

#include "host/dma_trace.h"
#include "platform/dma_replay.h"
#include "platform/simulation_context.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::platform {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;

class Initiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Initiator, 64> socket;
  explicit Initiator(sc_core::sc_module_name name) : sc_module(name), socket("socket") {}
};

class MemoryTest : public ::testing::Test {
 protected:
  MemoryTest() {
    host::MemoryOptions options;
    options.base = 0x1000;
    options.size = 0x3000;
    memory_ = std::make_unique<Memory>("memory", options, 64, sc_time(1, SC_NS));
    initiator_ = std::make_unique<Initiator>("initiator");
    initiator_->socket.bind(memory_->socket);
    sc_core::sc_start(SC_ZERO_TIME);
  }
  tlm::tlm_generic_payload& prepare(tlm::tlm_command command, std::uint64_t address, void* data,
                                    unsigned length) {
    payload_.set_command(command);
    payload_.set_address(address);
    payload_.set_data_ptr(static_cast<unsigned char*>(data));
    payload_.set_data_length(length);
    payload_.set_streaming_width(length);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    return payload_;
  }
  SimulationContext context_;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Initiator> initiator_;
  tlm::tlm_generic_payload payload_;
};

TEST_F(MemoryTest, BlockingAccessMovesDataAndAnnotatesTime) {
  char text[] = "across the pages";
  sc_time delay = SC_ZERO_TIME;
  initiator_->socket->b_transport(prepare(tlm::TLM_WRITE_COMMAND, 0x1ffa, text, sizeof text), delay);
  EXPECT_TRUE(payload_.is_response_ok());
  EXPECT_EQ(delay, sc_time(50, SC_NS));
  char back[sizeof text] = {};
  initiator_->socket->b_transport(prepare(tlm::TLM_READ_COMMAND, 0x1ffa, back, sizeof back), delay);
  EXPECT_STREQ(back, text);
}

TEST_F(MemoryTest, ByteEnablesSelectBytes) {
  unsigned char data[4] = {1, 2, 3, 4};
  unsigned char enables[2] = {TLM_BYTE_ENABLED, TLM_BYTE_DISABLED};
  sc_time delay = SC_ZERO_TIME;
  prepare(tlm::TLM_WRITE_COMMAND, 0x1000, data, 4);
  payload_.set_byte_enable_ptr(enables);
  payload_.set_byte_enable_length(2);
  initiator_->socket->b_transport(payload_, delay);
  payload_.set_byte_enable_ptr(nullptr);
  unsigned char back[4];
  ASSERT_TRUE(memory_->read_bytes(0x1000, back, 4));
  EXPECT_EQ(std::vector<int>(back, back + 4), (std::vector<int>{1, 0, 3, 0}));
}

TEST_F(MemoryTest, OutsideTheWindowIsAnAddressError) {
  unsigned char data[8] = {};
  for (const std::uint64_t address : {std::uint64_t{0xfff}, std::uint64_t{0x3ff9}, ~std::uint64_t{0} - 3}) {
    sc_time delay = SC_ZERO_TIME;
    initiator_->socket->b_transport(prepare(tlm::TLM_READ_COMMAND, address, data, 8), delay);
    EXPECT_EQ(payload_.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE) << address;
    EXPECT_EQ(initiator_->socket->transport_dbg(payload_), 0U);
    EXPECT_FALSE(memory_->write_bytes(address, data, 8));
  }
  sc_time delay = SC_ZERO_TIME;
  initiator_->socket->b_transport(prepare(tlm::TLM_READ_COMMAND, 0x3ff8, data, 8), delay);
  EXPECT_TRUE(payload_.is_response_ok());
}

TEST_F(MemoryTest, DirectAccessShowsThePage) {
  tlm::tlm_dmi dmi;
  unsigned char byte = 42;
  ASSERT_TRUE(initiator_->socket->get_direct_mem_ptr(prepare(tlm::TLM_READ_COMMAND, 0x2345, &byte, 1), dmi));
  EXPECT_EQ(dmi.get_start_address(), 0x2000U);
  EXPECT_EQ(dmi.get_end_address(), 0x2fffU);
  dmi.get_dmi_ptr()[0x345] = 42;
  unsigned char back = 0;
  ASSERT_TRUE(memory_->read_bytes(0x2345, &back, 1));
  EXPECT_EQ(back, 42);
  EXPECT_FALSE(initiator_->socket->get_direct_mem_ptr(prepare(tlm::TLM_READ_COMMAND, 0x5000, &byte, 1), dmi));
}

host::DmaReplayOptions recorded(const char* name, const char* configuration) {
  host::DmaReplayOptions options;
  options.trace = NVDLA_SOURCE_DIR "/validation/recordings/" + std::string(name) + ".dma_trace.csv.gz";
  options.hardware = preset(configuration);
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  return options;
}

// Twice in one process, with the same result; all recorded bytes; the last acknowledge where the RTL's last
// interrupt (cycle 57,794) follows it within a few cycles.
TEST(DmaReplay, RecordedLenet) {
  const host::DmaReplayOptions options = recorded("lenet_nv_full_fp16__L50_B64", "nv_full");
  const host::DmaReplayResult result = replay_dma(options);
  EXPECT_EQ(result.total.bursts, 15661U);
  EXPECT_EQ(result.total.bytes, 15661U * 64);
  EXPECT_EQ(result.clients[0][0][static_cast<std::size_t>(Client::kCdmaWt)].bytes, 861184U);
  EXPECT_GE(result.total.latency_min, 50);
  EXPECT_EQ(result.total.last_completion, 57738 + 50);  // the last write: one beat, then the latency
  EXPECT_EQ(result.errors, 0U);
  EXPECT_EQ(replay_dma(options).total.latency_sum, result.total.latency_sum);
}

// As fast as the memory allows: one beat a cycle, less the start.
TEST(DmaReplay, AsFastAsTheMemoryAllows) {
  host::DmaReplayOptions options = recorded("lenet_nv_small_int8__L50_B8", "nv_small");
  options.asap = true;
  const host::DmaReplayResult result = replay_dma(options);
  const auto beats = static_cast<Cycle>(result.total.bursts);
  EXPECT_GE(result.total.last_completion, beats);
  EXPECT_LE(result.total.last_completion, beats + beats / 100 + 100);
}

TEST(DmaReplay, NamesTheLineThatNeedsCvsram) {
  const std::string path = test::temporary_file("cvsram.csv");
  test::write_file(path, "cycle,port,access,client,address,beats\n1,DBB,R,sdp,80,1\n2,CVSRAM,R,sdp,80,1\n");
  host::DmaReplayOptions options = recorded("", "nv_full");
  options.trace = path;
  try {
    static_cast<void>(replay_dma(options));
    FAIL();
  } catch (const host::ReplayError& error) {
    EXPECT_NE(std::string(error.what()).find("cvsram.csv:3: "), std::string::npos) << error.what();
  }
  options.cvsram = host::MemoryOptions{};
  options.dbb.base = 0x1000;
  EXPECT_EQ(replay_dma(options).errors, 1U);  // address 0x80 is outside
}

}  // namespace
}  // namespace nvdla::platform
