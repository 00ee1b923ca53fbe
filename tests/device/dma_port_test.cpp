// SPDX-License-Identifier: Apache-2.0
// The DMA port speaks every form of the base protocol that a target may choose, one request at a time, and
// leaves memory unchanged.
#include "device/dma_port.h"

#include <tlm_utils/peq_with_get.h>
#include <tlm_utils/simple_target_socket.h>

#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "fresh_kernel.h"

namespace nvdla::device {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

const sc_time kPeriod(1, SC_NS);
const Clock kClock(kPeriod);

class Owner : public DmaOwner {
 public:
  void on_dma_complete(const engine::Burst& burst, const sc_time& at) override {
    EXPECT_EQ(done.count(burst.id), 0U);
    done[burst.id] = at;
  }
  void on_dma_error(const engine::Burst& /*burst*/, tlm::tlm_response_status status) override {
    errors.push_back(status);
  }
  std::map<std::uint64_t, sc_time> done;
  std::vector<tlm::tlm_response_status> errors;
};

enum class Style { kAllPhases, kEarlyEndRequest, kEarlyResponse, kCompleted };

// A target that answers in one style: END_REQ after 3 ns (where it is separate), response after 20 ns.
class Target : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Target);
  tlm_utils::simple_target_socket<Target, DmaPort::kSocketBits> socket;

  Target(sc_core::sc_module_name name, Style style)
      : sc_module(name), socket("socket"), style_(style), requests_("requests"), responses_("responses") {
    socket.register_nb_transport_fw(this, &Target::nb_transport_fw);
    SC_METHOD(end_request);
    sensitive << requests_.get_event();
    dont_initialize();
    SC_METHOD(respond);
    sensitive << responses_.get_event();
    dont_initialize();
  }

  std::vector<std::pair<std::uint64_t, sc_time>> begun;
  std::vector<unsigned> lengths;
  int end_responses = 0;
  bool request_open = false;
  tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE;
  std::uint32_t run_latency = 0;
  TargetChannels* channels = nullptr;

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_time& delay) {
    if (phase == tlm::END_RESP) {
      ++end_responses;
      return tlm::TLM_COMPLETED;
    }
    EXPECT_EQ(phase, tlm::BEGIN_REQ);
    EXPECT_FALSE(request_open) << "two requests at a time";
    EXPECT_EQ(payload.get_streaming_width(), payload.get_data_length());
    auto* extension = payload.get_extension<DmaExtension>();
    EXPECT_NE(extension, nullptr);
    EXPECT_EQ(extension->client, Client::kCdmaWt);
    EXPECT_EQ(extension->beats * 64, payload.get_data_length());
    EXPECT_EQ(extension->run_latency, 0U) << "what the transaction before has left";
    extension->run_latency = run_latency;
    extension->channels = channels;
    begun.emplace_back(payload.get_address(), sc_time_stamp() + delay);
    lengths.push_back(payload.get_data_length());
    payload.set_response_status(status);
    switch (style_) {
      case Style::kAllPhases:
        payload.acquire();
        request_open = true;
        requests_.notify(payload, delay + sc_time(3, SC_NS));
        return tlm::TLM_ACCEPTED;
      case Style::kEarlyEndRequest:
        payload.acquire();
        phase = tlm::END_REQ;
        delay += sc_time(3, SC_NS);
        responses_.notify(payload, delay + sc_time(17, SC_NS));
        return tlm::TLM_UPDATED;
      case Style::kEarlyResponse:
        phase = tlm::BEGIN_RESP;
        delay += sc_time(20, SC_NS);
        return tlm::TLM_UPDATED;
      case Style::kCompleted:
        delay += sc_time(20, SC_NS);
        return tlm::TLM_COMPLETED;
    }
    return tlm::TLM_ACCEPTED;
  }
  void end_request() {
    while (tlm::tlm_generic_payload* payload = requests_.get_next_transaction()) {
      request_open = false;
      tlm::tlm_phase phase = tlm::END_REQ;
      sc_time delay = SC_ZERO_TIME;
      socket->nb_transport_bw(*payload, phase, delay);
      responses_.notify(*payload, sc_time(17, SC_NS));
    }
  }
  void respond() {
    while (tlm::tlm_generic_payload* payload = responses_.get_next_transaction()) {
      tlm::tlm_phase phase = tlm::BEGIN_RESP;
      sc_time delay = SC_ZERO_TIME;
      EXPECT_EQ(socket->nb_transport_bw(*payload, phase, delay), tlm::TLM_COMPLETED);
      payload->release();
    }
  }

  Style style_;
  tlm_utils::peq_with_get<tlm::tlm_generic_payload> requests_, responses_;
};

engine::Burst burst(std::uint64_t id, std::uint64_t address, std::uint32_t beats, Cycle issued,
                    bool write = false) {
  engine::Burst result;
  result.id = id;
  result.client = Client::kCdmaWt;
  result.address = address;
  result.beats = beats;
  result.issued = issued;
  result.write = write;
  return result;
}

DmaOptions options() {
  DmaOptions result;
  result.bus_bytes = 64;
  return result;
}

class DmaPortTest : public FreshKernel {};

struct Channels : TargetChannels {
  Cycle write_room(std::uint32_t /*ahead*/, Cycle /*now*/) override { return 0; }
  [[nodiscard]] std::uint32_t open_reads() const override { return 256; }
  Cycle read_room(std::uint32_t /*ahead*/, Cycle from) override { return from; }
  Cycle read_return(std::uint32_t ahead, Cycle from) override { return from + Cycle{ahead}; }
};

// A target is asked when it has got all transactions; one that direct accesses pass by knows too little.
class ReturnsOfBeats : public DmaPortTest, public ::testing::WithParamInterface<bool> {};

TEST_P(ReturnsOfBeats, AreWhatATargetSaysThatGetsAllAccesses) {
  Owner owner;
  Channels channels;
  DmaOptions settings = options();
  settings.use_dmi = GetParam();
  DmaPort port("port", owner, kClock, settings);
  Target target("target", Style::kAllPhases);
  target.channels = &channels;
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  EXPECT_EQ(port.read_return(3, 10), kNever);
  port.issue(burst(0, 0x1000, 4, 0));
  EXPECT_EQ(port.read_return(3, 10), GetParam() ? kNever : 13);
  port.issue(burst(1, 0x2000, 4, 0));  // waits for END_REQ
  EXPECT_EQ(port.read_return(3, 10), GetParam() ? kNever : 11);
  sc_core::sc_start();
  EXPECT_EQ(owner.done.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Dmi, ReturnsOfBeats, ::testing::Bool());

TEST_F(DmaPortTest, FourPhasesHoldTheRequestChannel) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kAllPhases);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  for (std::uint64_t i = 0; i < 3; ++i) port.issue(burst(i, 0x1000 + 256 * i, 4, 0));
  EXPECT_EQ(port.open(), 3U);
  sc_core::sc_start();
  ASSERT_EQ(target.begun.size(), 3U);
  for (std::uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(target.begun[i].first, 0x1000 + 256 * i);
    EXPECT_EQ(target.begun[i].second, sc_time(3.0 * static_cast<double>(i), SC_NS));
    EXPECT_EQ(owner.done.at(i), sc_time(3.0 * static_cast<double>(i) + 20, SC_NS));
    EXPECT_EQ(target.lengths[i], 256U);
  }
  EXPECT_EQ(port.open(), 0U);
}

TEST_F(DmaPortTest, AnnotatedEndOfRequestDelaysTheNext) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kEarlyEndRequest);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(0, 0, 1, 0));
  port.issue(burst(1, 64, 1, 0));
  sc_core::sc_start();
  EXPECT_EQ(target.begun.at(1).second, sc_time(3, SC_NS));
  EXPECT_EQ(owner.done.at(0), sc_time(20, SC_NS));
  EXPECT_EQ(owner.done.at(1), sc_time(23, SC_NS));
}

TEST_F(DmaPortTest, EarlyResponseIsEnded) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kEarlyResponse);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(5, 0, 1, 0));
  sc_core::sc_start();
  EXPECT_EQ(target.end_responses, 1);
  EXPECT_EQ(owner.done.at(5), sc_time(20, SC_NS));
}

TEST_F(DmaPortTest, EarlyCompletionAndFutureIssue) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kCompleted);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(5, 0, 1, 7));  // beat 0 lies seven cycles ahead
  EXPECT_EQ(owner.done.at(5), sc_time(27, SC_NS));
  sc_core::sc_start();
}

// A target says that it takes requests ahead of their time; they leave at once, each with its own, unless the
// channel is taken then.
TEST_F(DmaPortTest, RequestsLeaveAheadOfTheirTime) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kEarlyEndRequest);
  target.run_latency = 17;
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  EXPECT_EQ(port.run_latency(), 0);
  port.issue(burst(0, 0, 1, 0));
  EXPECT_EQ(port.run_latency(), 17);
  port.issue(burst(1, 64, 1, 5));
  port.issue(burst(2, 128, 1, 9));
  ASSERT_EQ(target.begun.size(), 3U);
  port.issue(burst(3, 192, 1, 10));  // the request before it ends in cycle 12
  EXPECT_EQ(target.begun.size(), 3U);
  sc_core::sc_start();
  const std::vector<std::pair<std::uint64_t, sc_time>> begun = {
      {0, SC_ZERO_TIME}, {64, sc_time(5, SC_NS)}, {128, sc_time(9, SC_NS)}, {192, sc_time(12, SC_NS)}};
  EXPECT_EQ(target.begun, begun);
  EXPECT_EQ(owner.done.at(2), sc_time(29, SC_NS));
}

TEST_F(DmaPortTest, ChunksAnsweredBeatByBeatAreATransactionEach) {
  class : public DmaOwner {
   public:
    void on_dma_complete(const engine::Burst& burst, const sc_time& at) override {
      EXPECT_EQ(burst.id, 7U);
      done.emplace_back(burst.offset, burst.bytes, at);
    }
    void on_dma_error(const engine::Burst& /*burst*/, tlm::tlm_response_status /*status*/) override {}
    std::vector<std::tuple<std::uint32_t, std::uint32_t, sc_time>> done;
  } owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kCompleted);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  engine::Burst joined = burst(7, 0x1000, 3, 4);
  joined.beat_by_beat = true;
  joined.offset = 16;
  joined.bytes = 3 * 64 - 16 - 8;
  port.issue(joined);
  const std::vector<std::pair<std::uint64_t, sc_time>> begun = {
      {0x1000, sc_time(4, SC_NS)}, {0x1040, sc_time(24, SC_NS)}, {0x1080, sc_time(44, SC_NS)}};
  sc_core::sc_start();
  EXPECT_EQ(target.begun, begun);  // such a target ends a request with its response
  EXPECT_EQ(target.lengths, (std::vector<unsigned>{64, 64, 64}));
  ASSERT_EQ(owner.done.size(), 3U);
  EXPECT_EQ(owner.done[0], std::make_tuple(16U, 48U, sc_time(24, SC_NS)));
  EXPECT_EQ(owner.done[1], std::make_tuple(0U, 64U, sc_time(44, SC_NS)));
  EXPECT_EQ(owner.done[2], std::make_tuple(0U, 56U, sc_time(64, SC_NS)));
  EXPECT_EQ(port.open(), 0U);
}

TEST_F(DmaPortTest, ErrorsAreReportedAndStillComplete) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kAllPhases);
  target.status = tlm::TLM_ADDRESS_ERROR_RESPONSE;
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(1, 0, 1, 0));
  sc_core::sc_start();
  EXPECT_EQ(owner.errors, std::vector<tlm::tlm_response_status>{tlm::TLM_ADDRESS_ERROR_RESPONSE});
  EXPECT_EQ(owner.done.size(), 1U);
}

TEST_F(DmaPortTest, AbandonedTransactionsCompleteSilently) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Target target("target", Style::kAllPhases);
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  for (std::uint64_t i = 0; i < 4; ++i) port.issue(burst(i, 64 * i, 1, 0));
  sc_core::sc_start(sc_time(4, SC_NS));  // the second request is on the channel, two wait
  port.abandon();
  EXPECT_EQ(port.open(), 0U);
  port.issue(burst(9, 0x9000, 1, 4));
  sc_core::sc_start();
  EXPECT_EQ(target.begun.size(), 3U);
  EXPECT_EQ(target.begun.back().first, 0x9000U);
  ASSERT_EQ(owner.done.size(), 1U);
  EXPECT_EQ(owner.done.count(9), 1U);
}

// A target with b_transport only, and memory that must stay as it is.
class Loose : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Loose, DmaPort::kSocketBits> socket;
  std::vector<unsigned char> bytes = std::vector<unsigned char>(256, 0xa5);

  explicit Loose(sc_core::sc_module_name name) : sc_module(name), socket("socket") {
    socket.register_b_transport(this, &Loose::b_transport);
  }
  void offer_debug() { socket.register_transport_dbg(this, &Loose::transport_dbg); }

 private:
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) {
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(payload.get_address()), payload.get_data_length(),
                payload.get_data_ptr());
    return payload.get_data_length();
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
    for (unsigned i = 0; i < payload.get_data_length(); ++i) {
      const bool enabled =
          payload.get_byte_enable_ptr() == nullptr ||
          payload.get_byte_enable_ptr()[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED;
      if (payload.is_write() && enabled) bytes[payload.get_address() + i] = payload.get_data_ptr()[i];
    }
    delay += sc_time(12, SC_NS);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

TEST_F(DmaPortTest, BlockingTargetsWorkAndWritesChangeNothing) {
  Owner owner;
  DmaPort port("port", owner, kClock, options());
  Loose target("target");
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(1, 0, 1, 0));
  port.issue(burst(2, 64, 2, 0, true));
  sc_core::sc_start();
  ASSERT_EQ(owner.done.size(), 2U);
  EXPECT_EQ(owner.done.at(1), sc_time(12, SC_NS));
  EXPECT_EQ(target.bytes, std::vector<unsigned char>(256, 0xa5));
}

// A target with transport_dbg keeps its bytes, one without gets zeros.
TEST_F(DmaPortTest, UnmaskedWritesWriteBackWhatDebugReads) {
  Owner owner;
  DmaOptions unmasked = options();
  unmasked.mask_writes = false;
  DmaPort port("port", owner, kClock, unmasked);
  Loose target("target");
  target.offer_debug();
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  target.bytes[70] = 0x11;
  const std::vector<unsigned char> before = target.bytes;
  port.issue(burst(2, 64, 1, 0, true));
  sc_core::sc_start();
  EXPECT_EQ(owner.done.size(), 1U);
  EXPECT_EQ(target.bytes, before);
}

TEST_F(DmaPortTest, UnmaskedWritesWriteZeros) {
  Owner owner;
  DmaOptions unmasked = options();
  unmasked.mask_writes = false;
  DmaPort port("port", owner, kClock, unmasked);
  Loose target("target");
  port.socket.bind(target.socket);
  sc_core::sc_start(SC_ZERO_TIME);
  port.issue(burst(2, 64, 1, 0, true));
  sc_core::sc_start();
  EXPECT_EQ(target.bytes[63], 0xa5);
  EXPECT_EQ(target.bytes[64], 0);
}

}  // namespace
}  // namespace nvdla::device
