// SPDX-License-Identifier: Apache-2.0
// MCIF and CVIF: the interface through which all clients of the accelerator reach one memory port.
//
// A client hands over requests of any length. Each is cut into chunks of at most mcif_chunk_beats beats
// that do not cross a chunk-aligned boundary. One chunk is granted at a time, weighted round robin over
// the clients: the winner keeps its turn for `weight` chunks in a row while it has requests, a client of
// weight 0 is never granted (NV_NVDLA_XXIF_libs.v: read_ig_arb, write_ig_arb). A chunk of n beats occupies
// the address channel for n cycles (the bus takes one beat of address a cycle). A read chunk is granted
// only while its beats fit under the client's latency FIFO; between there and the bus it may have to wait
// (amaix/read_pipe.h) until its beats fit under the outstanding limit (engine/open_beats.h) and memory
// accepts it.
// Order: the read data of one client come in the order of its requests, as AXI's ids and the latency FIFOs of
// the RTL have it; a response that overtakes (a memory with banks or caches behind several TLM transactions)
// waits here until those before it are delivered, then its beats pass one a cycle. Write acknowledges of one
// client come in order in the same way (one AXI id a client, for either direction). What waits here counts as
// outstanding.
// Different clients do not wait for each other, but for CDMA: where it takes its data slower than the bus
// brings them, its beats stand on the bus and all behind them wait (MemoryClient::bus_free()).
// Every request carries its operation, every response says where its time went (ReadTiming).
// Where a port is slower than a beat a cycle and tells (BusPort::read_return), SDP, PDP, CDP, BDMA and CDMA's
// weights hear of each beat of a chunk (engine/memory_interface_beats.cpp); others, and behind other ports,
// of its first beats with its last.
// Writes of branch master: the arbiter has a place for one command of each client, so the beats of its next
// chunk, which competes with all of them, come in when the last of this one has gone (WRITE_IG_arb). Who is
// next is decided when a beat can go.
// Limits: behind a port that does not tell write_room() write data leave when the chunk is granted; weights
// of a run (engine/read_run.h) do not wait for CDMA's data.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "amaix/read_pipe.h"
#include "engine/bus_port.h"
#include "engine/memory_client.h"
#include "engine/open_beats.h"
#include "engine/read_registers.h"
#include "engine/read_run.h"
#include "engine/read_stalls.h"
#include "engine/scheduler.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/resource.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"
#include "operation/chunk.h"
#include "operation/identity.h"

namespace nvdla::engine {

class Tensors;

class MemoryInterface : public Process {
 public:
  MemoryInterface(Scheduler& scheduler, const HardwareParameters& hardware, MemorySpace space);

  void bind(BusPort& port) { port_ = &port; }
  [[nodiscard]] bool bound() const { return port_ != nullptr; }
  // The owner of a client's requests; latency_fifo_beats = 0 means no limit of its own.
  void connect(Client client, MemoryClient& owner, std::uint32_t latency_fifo_beats);

  // Whether a further request of this client is accepted now (its request queue has room).
  [[nodiscard]] bool read_ready(Client client) const;
  [[nodiscard]] bool write_ready(Client client) const;
  // Beats that must leave the client's latency FIFO before its requests are granted any further, after what
  // can be granted now; 0: none waits.
  [[nodiscard]] std::uint32_t room_missing(Client client) const;
  // Writes of the client that have not been granted.
  [[nodiscard]] std::size_t writes_waiting(Client client) const {
    return write_.sources[static_cast<std::size_t>(client)].queue.size();
  }
  // The request reaches the arbiter's input at `at` (>= now). Precondition: ready. bytes > 0.
  // `counted_below`: what the client gets of chunks that end before this address it only counts: they wake
  // nobody, and may be told late, but before anything else is (engine/read_run.h). `apart`: cycles behind the
  // request before in which the client has this one ready, if it is not kept waiting (engine/read_stalls.h).
  void read(Client client, OperationId operation, std::uint64_t address, std::uint32_t bytes,
            std::uint64_t tag, Cycle at, std::uint64_t counted_below = 0, Cycle apart = 1);
  // Data of a write are complete at `at`; on_write_acknowledged follows.
  void write(Client client, OperationId operation, std::uint64_t address, std::uint32_t bytes,
             std::uint64_t tag, Cycle at);
  // The client has taken `beats` of returned data out of its latency FIFO.
  void release(Client client, std::uint32_t beats);

  // From the port's owner. Completions may come in any order.
  void complete(const BusCompletion& completion);
  void complete(std::uint64_t id, Cycle at, Cycle span = 0) {
    BusCompletion completion;
    completion.id = id;
    completion.at = at;
    completion.span = span;
    complete(completion);
  }
  // Ids of open bursts differ in this number, which stays small.
  [[nodiscard]] static std::uint32_t slot(std::uint64_t id) {
    return static_cast<std::uint32_t>(id & ((1U << kSlotBits) - 1));
  }

  // Lets chunks be granted in runs. The window is shared by all interfaces of an accelerator and outlives
  // them.
  void allow_runs(QuietWindow& window) { window_ = &window; }
  // Before a client that declares reads counted_below acts in cycle `now`: takes the answers of the cycles
  // before it.
  void settle(Cycle now);

  // Contents of the memory behind the port, outside of time; false: it does not show them.
  [[nodiscard]] bool peek(std::uint64_t address, unsigned char* data, std::size_t length) const {
    return port_ != nullptr && port_->peek(address, data, length);
  }

  // Where read data go and write data come from; null: no values are computed.
  void set_tensors(Tensors* tensors) { tensors_ = tensors; }

  // Why a write request of this client found no room until now: what its last chunk had waited for.
  [[nodiscard]] Resource write_hindrance(Client client) const;

  // Effects of the MCIF/CVIF registers.
  void set_read_weight(Client client, std::uint32_t weight);
  void set_write_weight(Client client, std::uint32_t weight);
  void set_outstanding_limits(std::uint32_t read_beats, std::uint32_t write_beats);

  // No request waits or is in flight.
  [[nodiscard]] bool idle() const;
  // Bytes moved since the last reset, by client.
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }
  // What D_PERF_* registers count, totals since the last reset.
  struct Activity {
    std::uint64_t read_stall = 0;  // cycles in which a read request waited because the queue was full
    std::uint64_t read_requests = 0;
    std::uint64_t read_latency = 0;  // cycles in which a read was outstanding
  };
  [[nodiscard]] Activity activity(Client client) const;
  // Its read stalls up to now; `another`: the client has a request that it offers as soon as it can.
  [[nodiscard]] std::uint64_t read_stalls_by_now(Client client, bool another) const;
  // From now on its owner follows what it writes.
  void follow_writes(Client client);
  // From now on it counts cycles in which the client's read requests wait.
  void follow_reads(Client client) { read_.sources[static_cast<std::size_t>(client)].followed = true; }
  // Tells those who follow their writes in which cycles, up to `now`, beats have left the arbiter.
  void tell_left(Cycle now);
  // Behind that: the first cycle, as far as can be said, in which another one leaves; kNever: none is
  // granted.
  [[nodiscard]] Cycle next_left(Cycle now) const;
  [[nodiscard]] std::uint64_t write_stalls(Client client) const {
    return write_.sources[static_cast<std::size_t>(client)].owner->write_stalls();
  }
  void reset();

 protected:
  void run(Cycle now) override;

 private:
  struct Request {
    std::uint64_t address = 0;
    std::uint64_t end = 0;
    OperationId operation;
    std::uint64_t tag = 0;
    Cycle at = 0;
    std::uint32_t record = 0;  // writes: index of the acknowledge counter
    std::uint32_t offset = 0;  // of its first byte in a beat
    std::uint64_t counted_below = 0;
    // Of the chunk that is next.
    std::uint64_t chunk_end = 0;
    std::uint32_t beats = 0;
    std::uint32_t places = 0;  // that it takes in the latency FIFO: pack()

    // Of the chunk that is next: see read().
    [[nodiscard]] bool counted() const { return chunk_end < counted_below; }
    // Makes one of the next chunks of a beat each.
    void join(std::uint32_t chunks, std::uint64_t width) {
      beats = places = chunks;
      chunk_end = std::min(end, (address / width + chunks) * width);
    }
  };
  struct Source {  // one client's side of one direction
    MemoryClient* owner = nullptr;
    std::uint32_t turn = 0;  // its place in the arbiter's order
    memory::RingBuffer<Request> queue;
    std::size_t places = paths::kRequestQueue.cycles();  // requests that may wait in it
    std::uint32_t weight = 1;                            // grants in a row; 0: none
    ReadStalls stalls;
    Resource held_by = Resource::kDbbBandwidth;  // what the last chunk had waited for
    Cycle fifo_full_at = -1;                     // the last cycle in which its latency FIFO had no room
    Cycle refill_at = 0;                         // writes of branch master: the last chunk has left its place
    ReadRegisters registers;                     // reads of branch master
    bool followed = false;                       // somebody wants its stalls
    // When the next chunk of the first request could follow, or its first one, which waits for places of the
    // latency FIFO, could have gone; kNever: neither.
    Cycle chunk_at = kNever;
  };
  struct Channel {  // read or write
    bool write = false;
    std::array<Source, kClients> sources;
    std::array<std::size_t, kClients> order{};  // of the arbiter's inputs
    std::uint32_t pending = 0;                  // bit mask of the inputs with a request
    std::uint32_t last = kClients - 1;          // the input that has won the last arbitration
    std::uint32_t left = 0;                     // grants that it may have in a row from here
    std::size_t granted = kClients;             // has won the arbitration, not yet issued; kClients: nobody
    Cycle busy_until = 0;
    OpenBeats open;
    std::uint32_t limit = 256;
    bool limited = false;             // the limit holds a chunk back
    Cycle limited_at = -1;            // the last cycle in which the limit held a chunk back
    Cycle room_due = kNever;          // a write waits until then since there is room
    Cycle unloaded = kNever;          // shortest time from issue to first beat or, writes, to acknowledge
    Cycle last_response = 0;          // the same of the last chunk
    std::size_t previous = kClients;  // client of the chunk before the last
  };
  struct InFlight {
    bool used = false;
    bool write = false;
    bool returned = false;  // memory has answered, the data wait for those before them
    bool overtook = false;
    bool given = false;          // its beats, to the counter of open ones
    bool counted = false;        // see MemoryInterface::read
    bool in_run = false;         // see Burst
    bool beat_by_beat = false;   // see Burst
    std::uint32_t answered = 0;  // beats that the client has, where it hears of each
    Client client = Client::kBdma;
    std::uint32_t beats = 0;
    std::uint32_t record = 0;
    std::uint32_t generation = 0;
    std::uint32_t next = kNoSlot;  // the client's next burst of this direction
    ReadReturn data;
  };
  static constexpr std::uint32_t kSlotBits = 16;
  static constexpr std::uint32_t kNoSlot = 0xffffffff;
  // Bursts of one client and direction in the order of their requests.
  struct InOrder {
    std::uint32_t first = kNoSlot, last = kNoSlot;
    Cycle delivered = -1;  // last beat, or acknowledge, of the last delivery
  };
  struct WriteRecord {
    Client client = Client::kBdma;
    OperationId operation;
    std::uint64_t tag = 0;
    std::uint32_t unacknowledged = 0;
    bool issued = false;
  };

  void serve_reads(Cycle now);
  void serve_writes(Cycle now);
  void look_at_refill(Channel& channel, Cycle now);
  // Whether the registers in front of the bus have taken the writes that were granted before.
  bool write_room(Channel& channel, Cycle now);
  [[nodiscard]] bool misses_place(Cycle now) const;
  [[nodiscard]] std::uint32_t write_ahead() const { return place_missed_ ? ahead_ - 1 : ahead_; }
  // The client whose turn it is, kClients if none may go; `retry` is the earliest cycle worth another look.
  std::size_t select(Channel& channel, Cycle now, Cycle& retry);
  // Whether somebody has won, before or now; if not, it is looked at again when that may change.
  bool has_winner(Channel& channel, Cycle now) {
    if (channel.granted != kClients) return true;
    Cycle retry = kNever;
    channel.granted = select(channel, now, retry);
    if (channel.granted == kClients && retry != kNever) wake(retry);
    return channel.granted != kClients;
  }
  // Whether the client may win the arbitration; the same as above.
  bool eligible(Channel& channel, std::size_t client, Cycle now, Cycle& retry);
  // Where the next chunk of the request ends, and the places that it takes in the latency FIFO.
  void cut(Request& request, std::size_t client) const {
    request.chunk_end = chunk_end(request.address, request.end, chunk_bytes_);
    measure(request, client);
  }
  void measure(Request& request, std::size_t client) const {
    request.places = request.beats = beats_of(request.address, request.chunk_end, hardware_.dbb_width_bytes);
    if ((packed_clients_ >> client & 1U) != 0 && request.offset != 0) pack(request);
  }
  void pack(Request& request) const;
  void cut_burst(Request& request, std::size_t client) const;
  // The next chunk of the client, which has won the arbitration, goes to the bus.
  void grant(Channel& channel, std::size_t client, Cycle now);
  // Its place among the accesses in flight.
  std::uint32_t take_chunk(Channel& channel, std::size_t client, Cycle now);
  // Behind take_chunk(): the client's queue. True: its owner waits to hear of it.
  bool advance_queue(Channel& channel, std::size_t client, Cycle now);
  void tell_room(const Channel& channel, std::size_t client, Cycle now);
  void send(Channel& channel, std::uint32_t slot, Cycle now);
  // The same, but the chunk, or bursts of it, have to wait for the bus.
  void grant_to_wait(std::size_t client, Cycle now);
  // The first that waits goes to the bus, if it may.
  void send_waiting(Cycle now);
  // The first cycle, as far as can be said, in which a read chunk may go to the bus; kNever: an answer is
  // waited for.
  Cycle leaves(std::uint32_t beats, std::uint32_t bursts, Cycle now);
  Cycle address_room(Cycle now);
  Cycle limit_opens(std::uint32_t allowed, Cycle delay, Cycle now);
  void pushed(Channel& channel, Client client);
  void approach(std::size_t client, bool begins);
  void reach_arbiter(Source& source) const;
  void on_credit(std::size_t client, Cycle now, std::uint32_t before);
  [[nodiscard]] std::uint32_t places_behind(const Source& source) const;
  void leave_registers(Source& source, Cycle last) const;
  // A write: its beats come in behind those of the client's last chunk.
  void refill(const Source& source, Request& next) const {
    if (hardware_.master_rtl) next.at = std::max(next.at, source.refill_at + next.beats);
  }
  [[nodiscard]] Resource held_by(const Channel& channel, std::size_t client, Cycle asked) const;
  static void enqueue(std::vector<InFlight>& in_flight, InOrder& order, std::uint32_t slot);
  void acknowledge(std::size_t client);
  void pass(InFlight& entry, std::uint32_t slot);
  void hold_up(InFlight& entry, std::uint32_t slot);
  void pass_held_up(Cycle now);
  void deliver(std::size_t client);
  // Reads whose beats come apart: engine/memory_interface_beats.cpp.
  [[nodiscard]] bool watches(const InFlight& entry) const;
  void watch(std::uint32_t slot, std::uint32_t beats);
  void look_for_beats(Cycle now);
  void leave_the_rest(InFlight& entry, std::uint32_t slot);
  void pass_beat(InFlight& entry, Cycle at);
  void answer_beats(InFlight& entry, std::uint32_t slot, const BusCompletion& completion);
  void free_slot(InFlight& entry, std::uint32_t slot, Cycle at);
  // `cdma`: who takes them, if beats may wait for it on the bus.
  void give_beats(const ReadReturn& data, const MemoryClient* cdma);
  // Of reads: what is asked for while returned beats still count, a chunk a cycle at most, could reach it.
  [[nodiscard]] bool near_limit() const {
    constexpr std::uint32_t kChunks = OpenBeats::kKept + 1;
    return read_.open.most() + kChunks * hardware_.mcif_chunk_beats > read_.limit;
  }
  // The chunk that the limit of open reads holds back looks again.
  void wake_if_limited();
  // That a read chunk is on the bus, whose addresses go out one a cycle.
  [[nodiscard]] std::uint32_t bursts_of(std::uint32_t beats) const {
    return (beats + burst_beats_ - 1) / burst_beats_;
  }
  [[nodiscard]] bool read_waits(std::size_t client) const {
    return (read_.pending >> read_.sources[client].turn & 1U) != 0;
  }
  [[nodiscard]] bool fifo_full(std::size_t client) const {
    return fifo_depth_[client] != 0 && fifo_used_[client] > 0 &&
           fifo_used_[client] + read_.sources[client].queue.front().places > fifo_depth_[client];
  }

  // Runs: engine/read_run.cpp.
  [[nodiscard]] bool begins_run(std::size_t client, Cycle now) const;
  [[nodiscard]] bool rivals_wait(std::size_t client, Cycle at) const;
  [[nodiscard]] std::uint32_t single_beats(const Request& request, std::uint32_t room, Cycle at,
                                           Cycle last) const;
  // What `limit` leaves for a run, `granted` beats of which are not on the bus yet.
  [[nodiscard]] std::uint32_t room_for_reads(std::uint32_t limit, Cycle at, std::uint32_t granted = 0) const;
  // Grants chunks of one beat in a row, from `at` to `last`, as one burst (memory_interface_grants.cpp).
  void grant_single_beats(std::size_t client, std::uint32_t limit, Cycle at, Cycle last);
  [[nodiscard]] bool wins_again(std::size_t client, Cycle at);
  void grant_run(std::size_t client, Cycle now);

  const HardwareParameters& hardware_;
  const std::uint32_t burst_beats_;
  MemorySpace space_;
  const Cycle to_bus_;         // from the arbiter of writes
  const std::uint32_t ahead_;  // beats that wait there when another follows
  bool place_missed_ = false;  // by the last beat
  const std::uint64_t chunk_bytes_;
  BusPort* port_ = nullptr;
  Tensors* tensors_ = nullptr;
  std::vector<unsigned char> write_data_, beat_data_;
  struct Granted {  // the last write of a client that follows its own
    MemoryClient* owner = nullptr;
    std::uint32_t beats = 0, told = 0;
    Cycle next = 0;  // its next beat does not leave before
  } granted_;
  Channel read_, write_;
  amaix::ReadPipe pipe_;
  Cycle address_free_ = 0;  // the read channel of the bus takes the next address behind the last one
  std::array<std::uint32_t, kClients> fifo_depth_{};
  std::uint32_t packed_clients_ = 0;  // bit mask: whose latency FIFO holds packed data, see pack()
  std::array<std::uint32_t, kClients> fifo_used_{};
  std::vector<InFlight> in_flight_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t in_flight_count_ = 0;
  QuietWindow* window_ = nullptr;   // null: no runs
  bool in_run_ = false;             // one is being granted
  std::uint32_t open_in_runs_ = 0;  // bursts of runs in flight
  std::array<InOrder, kClients> reads_, writes_;
  struct Watched {
    std::uint32_t slot, generation;  // of its entry
    std::uint64_t end;               // of the beats that have been asked for, behind its last one
  };
  memory::RingBuffer<Watched> watched_;  // reads whose clients hear of each beat, as they were issued
  bool tells_beats_ = false;       // the port does, of several to a chunk; until it has said that it does not
  std::uint64_t beats_asked_ = 0;  // of reads, while it does
  Cycle bus_free_ = 0;             // no read beat passes before: see MemoryClient
  Cycle held_until_ = -OpenBeats::kKept;       // beats have waited there, or will, until then
  memory::RingBuffer<std::uint32_t> held_up_;  // slots that wait for it, in the order of the bus
  std::uint32_t held_back_ = 0;  // bit mask of clients whose first read has returned and is due later
  struct Outstanding {
    std::uint32_t reads = 0;
    Cycle since = 0;
    std::uint64_t cycles = 0;
  };
  std::array<Outstanding, kClients> outstanding_{};
  std::vector<WriteRecord> records_;
  std::vector<std::uint32_t> free_records_;
  Traffic traffic_;
};

}  // namespace nvdla::engine
