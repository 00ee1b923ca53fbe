// SPDX-License-Identifier: Apache-2.0
// A read with a PollExtension is what reads one by one are, in time, number and answer; and it always ends:
// when nothing is pending, at its limit, at reset.
#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <functional>

#include "device/nvdla.h"
#include "device/poll_extension.h"
#include "fresh_kernel.h"
#include "registers/register_map.h"

namespace nvdla::device {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;

// The component has two sockets for the same registers: two masters.
template <unsigned Bits>
class BusMaster : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BusMaster, Bits> socket;

  BusMaster(sc_core::sc_module_name name, std::function<void(BusMaster&)> body)
      : sc_module(name), socket("socket"), body_(std::move(body)) {
    SC_THREAD(run);
  }
  tlm::tlm_response_status access(bool write, std::uint32_t offset, std::uint32_t& value,
                                  PollExtension* extension = nullptr) {
    tlm::tlm_generic_payload payload;
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(offset);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    payload.set_extension(extension);
    sc_time delay = SC_ZERO_TIME;
    this->socket->b_transport(payload, delay);
    if (extension != nullptr) payload.clear_extension(extension);
    wait(delay);
    return payload.get_response_status();
  }
  void sleep(Cycle cycles) { wait(sc_time(static_cast<double>(cycles), SC_NS)); }

 private:
  SC_HAS_PROCESS(BusMaster);
  void run() { body_(*this); }
  std::function<void(BusMaster&)> body_;
};
using Master = BusMaster<32>;
using Other = BusMaster<64>;

struct Bench {
  Bench(std::function<void(Master&)> driver, std::function<void(Other&)> other)
      : first("first", std::move(driver)), second("second", std::move(other)) {
    first.socket.bind(device.csb);
    second.socket.bind(device.csb64);
  }
  static NvdlaParameters parameters() {
    NvdlaParameters result;
    result.hardware =
        preset("nv_full");  // flushes its CBUF until cycle 4,104: until then something is pending
    return result;
  }
  Nvdla device{"nvdla", parameters()};
  Master first;
  Other second;
};

constexpr std::uint32_t kSet = 0x8, kStatus = 0xc;  // GLB of generation V1

struct Seen {
  double finished = 0;
  std::uint64_t reads = 0;
  std::uint32_t value = 0;
  bool operator==(const Seen& other) const {
    return finished == other.finished && reads == other.reads && value == other.value;
  }
};

// Another master raises an interrupt by hand in cycle `at`; how does a poll for it end?
Seen poll_for_interrupt(Cycle at, bool with_extension) {
  const platform::SimulationContext kernel;
  Seen seen;
  Bench bench(
      [&](Master& master) {
        PollExtension extension;
        extension.mask = extension.expected = 1;
        do {
          EXPECT_EQ(master.access(false, kStatus, seen.value, with_extension ? &extension : nullptr),
                    tlm::TLM_OK_RESPONSE);
          seen.reads += with_extension ? extension.reads : 1;
        } while ((seen.value & 1U) == 0 && !with_extension);
        EXPECT_EQ(extension.end, engine::PollEnd::kMet);
        seen.finished = sc_core::sc_time_stamp() / sc_time(1, SC_NS);
      },
      [&](Other& master) {
        master.sleep(at);
        std::uint32_t one = 1;
        master.access(true, kSet, one);
      });
  sc_core::sc_start();
  return seen;
}

TEST(Poll, IsWhatReadsOneByOneAre) {
  for (const Cycle at : {1, 6, 7, 8, 18, 19, 20, 25, 26, 27, 500, 3'000, 3'010, 3'018}) {
    // The other master's write passes the same FIFO: that it falls between two reads is part of the case.
    const Seen poll = poll_for_interrupt(at, true);
    EXPECT_EQ(poll.value, 1U);
    EXPECT_GE(poll.finished, static_cast<double>(at));
    EXPECT_LE(poll.finished, static_cast<double>(at) + 2 * 19 + 12) << at;
    const Seen reads = poll_for_interrupt(at, false);
    EXPECT_EQ(poll.value, reads.value);
    EXPECT_NEAR(static_cast<double>(poll.reads), static_cast<double>(reads.reads), 1) << at;
    EXPECT_NEAR(poll.finished, reads.finished, 19) << at;
  }
}

// Nobody raises it: the first read after the CBUF's flush, the last thing pending, says so.
TEST(Poll, EndsWhenNothingIsPending) {
  const platform::SimulationContext kernel;
  PollExtension extension;
  extension.mask = extension.expected = 1;
  double finished = 0;
  Bench bench(
      [&](Master& master) {
        std::uint32_t value = 0;
        EXPECT_EQ(master.access(false, kStatus, value, &extension), tlm::TLM_OK_RESPONSE);
        finished = sc_core::sc_time_stamp() / sc_time(1, SC_NS);
      },
      [](Other&) {});
  sc_core::sc_start();
  EXPECT_EQ(extension.end, engine::PollEnd::kIdle);
  EXPECT_GE(finished, 4'104 + 12);  // an answer takes 12 cycles from the sample
  EXPECT_LT(finished, 4'104 + 12 + 19);
  EXPECT_EQ(extension.reads, static_cast<std::uint64_t>(finished) / 19);
}

TEST(Poll, EndsAtItsLimit) {
  const platform::SimulationContext kernel;
  PollExtension extension;
  extension.mask = extension.expected = 1;
  extension.limit = 1'000;
  Bench bench(
      [&](Master& master) {
        std::uint32_t value = 0;
        master.access(false, kStatus, value, &extension);
      },
      [](Other&) {});
  sc_core::sc_start();
  EXPECT_EQ(extension.end, engine::PollEnd::kLimit);
  EXPECT_EQ(extension.reads, 1'000U / 19 + 2);  // read n is sampled in cycle 19 n + 7: the first beyond 1,000
}

TEST(Poll, EndsAtReset) {
  const platform::SimulationContext kernel;
  PollExtension extension;
  extension.mask = extension.expected = 1;
  tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE;
  double finished = 0;
  Bench* self = nullptr;
  Bench bench(
      [&](Master& master) {
        std::uint32_t value = 0;
        status = master.access(false, kStatus, value, &extension);
        finished = sc_core::sc_time_stamp() / sc_time(1, SC_NS);
      },
      [&](Other& master) {
        master.sleep(100);
        self->device.reset();
      });
  self = &bench;
  sc_core::sc_start();
  EXPECT_EQ(status, tlm::TLM_GENERIC_ERROR_RESPONSE);
  EXPECT_EQ(extension.end, engine::PollEnd::kStopped);
  EXPECT_LE(finished, 120);
}

TEST(Poll, IsRefusedOutsideAThreadAndForUnknownRegisters) {
  const platform::SimulationContext kernel;
  PollExtension extension;
  tlm::tlm_response_status unknown = tlm::TLM_OK_RESPONSE;
  Bench bench(
      [&](Master& master) {
        std::uint32_t value = 0;
        unknown = master.access(false, 0x3fff0, value, &extension);
      },
      [](Other&) {});
  sc_core::sc_start();
  EXPECT_EQ(unknown, tlm::TLM_ADDRESS_ERROR_RESPONSE);

  std::uint32_t value = 0;
  tlm::tlm_generic_payload payload;
  payload.set_read();
  payload.set_address(kStatus);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(4);
  payload.set_streaming_width(4);
  payload.set_extension(&extension);
  sc_time delay = SC_ZERO_TIME;
  bench.first.socket->b_transport(payload, delay);
  payload.clear_extension(&extension);
  EXPECT_EQ(payload.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
}

}  // namespace
}  // namespace nvdla::device
