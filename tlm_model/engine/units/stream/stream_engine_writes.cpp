// SPDX-License-Identifier: Apache-2.0
// Write side of the stream engine: what the core makes goes to the memory interface, chunk by chunk or over
// the write link (write_link.h), and what comes back is counted.
#include <algorithm>

#include "engine/units/stream/stream_engine.h"
#include "operation/divide.h"

namespace nvdla::engine {

namespace {
std::uint32_t chunks(const amaix::StreamRequest& request, std::uint64_t unit_bytes) {
  return static_cast<std::uint32_t>((request.address + request.bytes - 1) / unit_bytes -
                                    request.address / unit_bytes + 1);
}
}  // namespace

void StreamEngine::on_write_acknowledged(const WriteReturn& write) {
  for (Operation& operation : operations_) {
    if (operation.tag != write.tag) continue;
    --operation.unacknowledged;
    if (write.at >= operation.last_acknowledge) operation.last_write = write;
    operation.last_acknowledge = std::max(operation.last_acknowledge, write.at);
    stir(now());
    return;
  }
}

void StreamEngine::on_room(Client /*client*/, Cycle at) {
  for (const MemorySpace space : {MemorySpace::kCvsram, MemorySpace::kDbb}) {
    std::size_t& handed = handed_[static_cast<std::size_t>(space)];
    if (handed == 0 || port(space)->writes_waiting(client_) == handed) continue;
    --handed;
    link_.granted(space, at);
  }
  stir(at);
}

amaix::WaitingChunk StreamEngine::chunk_of(const amaix::StreamOutput& output) const {
  const std::uint64_t begin = output.request.address;
  return {beats_of(begin, begin + output.request.bytes, hardware_.dbb_width_bytes), output.begins};
}

// The chunks that the arbiter has not granted, into waiting_.
void StreamEngine::look_at_outputs() {
  std::size_t waiting = dbb_->writes_waiting(client_);
  if (cvsram_ != nullptr) waiting += cvsram_->writes_waiting(client_);
  while (handed_chunks_.size() > waiting) handed_chunks_.pop();
  waiting_ = handed_chunks_;
  for (const Output& output : outputs_) waiting_.push(output.chunk);
}

bool StreamEngine::output_taken() {
  look_at_outputs();
  return write_chain_.taken(waiting_);
}

bool StreamEngine::output_has_room(const amaix::StreamTiming& timing, const amaix::StreamStep& step) {
  if (outputs_.size() < quiet_outputs_) return true;
  look_at_outputs();
  if (timing.held)
    for (std::size_t i = 0; i < step.outputs.size() && (i == 0 || !step.outputs[i].begins); ++i)
      waiting_.push(chunk_of(step.outputs[i]));
  return timing.row_cycles > 0
             ? write_chain_.strip_has_room(waiting_, timing.depth, timing.output_cycles, timing.row_cycles)
             : write_chain_.room(waiting_) + timing.datapath(step.gap + step.cycles) >= 0;
}

bool StreamEngine::take_linked(Operation& operation) {
  const Portion portion = portions_.front();
  portions_.pop();
  amaix::StreamStep step;
  operation.core->take(portion.bytes, step);
  const Cycle entry = portion.first + operation.timing.read + operation.timing.store;
  const Cycle span = portion.last - portion.first;
  const std::uint64_t unit_bytes = std::uint64_t{hardware_.mcif_chunk_beats} * hardware_.dbb_width_bytes;
  for (const amaix::StreamItem& item : step.items) {
    if (item.kind == amaix::StreamItemKind::kCommand) {
      operation.pending += chunks(item.request, unit_bytes);
      operation.untaken += ceil_div(item.request.bytes, hardware_.dbb_width_bytes);
    }
    present({item, operation.tag, operation.start,
             entry + (portion.beats > 1 ? span * item.beat / (portion.beats - 1) : 0), operation.timing});
  }
  if (operation.core->remaining() > 0) return true;
  core_free_ = portion.last + operation.timing.read;
  if (operation.fetch)
    if (Fetch* own = fetch(*operation.fetch)) own->done = core_free_ + operation.timing.fetch_done;
  return true;
}

void StreamEngine::present(const LinkItem& item) {
  if (item.item.kind == amaix::StreamItemKind::kCommand) {
    link_.command(item.tag, item.item.request, item.start);
  } else {
    link_.datum(item.tag, item.at, item.item.read_beats);
  }
}

void StreamEngine::on_link_taken(const amaix::WriteLink::Taken& datum, const amaix::StreamTiming& timing) {
  free_beats(datum.read_beats, datum.at + timing.credit - timing.store);
}

// Takes over what the write link knows by now.
void StreamEngine::follow_link(Cycle now) {
  while (const std::optional<amaix::WriteLink::Taken> datum = link_.taken()) {
    link_stalls_ += stalled_cycles(*datum, item_taken_);
    item_taken_ = datum->at;
    if (datum->command) {
      on_link_command(datum->at);
      continue;
    }
    link_taken_ = datum->at;
    for (Operation& operation : operations_) {
      if (operation.tag != datum->tag) continue;
      const amaix::StreamTiming& timing = operation.timing;
      if (datum->at > datum->ready) {
        log_.account(operation.id, datum->held ? port(datum->space)->write_hindrance(client_) : core_,
                     datum->at);
      } else {
        ledger_.explain(log_, operation.id, datum->at, Resource::kDataFetch, timing.read + timing.store);
      }
      if (--operation.untaken == 0 && operation.core->remaining() == 0) operation.release = datum->at;
      on_link_taken(*datum, timing);
      break;
    }
  }
  while (const std::optional<amaix::WriteLink::Chunk> chunk = link_.next())
    for (const Operation& operation : operations_)
      if (operation.tag == chunk->tag)
        outputs_.push({operation.id, operation.tag, chunk->request, now,
                       static_cast<std::uint32_t>(std::max<Cycle>(0, chunk->at - now)), true});
}

void StreamEngine::follow_writes() {
  std::size_t waiting = outputs_.size();
  for (const MemoryInterface* memory : {dbb_, cvsram_})
    if (memory != nullptr) waiting += memory->writes_waiting(client_);
  path_.follow(waiting);
}

void StreamEngine::flush(Cycle now) {
  while (!outputs_.empty()) {
    Output& output = outputs_.front();
    if (output.leaves > now) {
      at(output.leaves);
      break;
    }
    MemoryInterface* memory = port(output.request.space);
    if (memory == nullptr) {
      owner_.on_stream_warning("a write to CVSRAM goes to DBB: the configuration has no CVSRAM", now);
      output.request.space = MemorySpace::kDbb;
      memory = dbb_;
    }
    if (!memory->write_ready(client_)) break;  // on_room() comes
    blocked_space_ = output.request.space;
    memory->write(client_, output.id, output.request.address, output.request.bytes, output.operation,
                  std::max(output.leaves + output.write, now));
    if (output.linked) {
      ++handed_[static_cast<std::size_t>(output.request.space)];
    } else {
      handed_chunks_.push(output.chunk);
      if (handed_chunks_.size() > 2 * paths::kRequestQueue.cycles()) handed_chunks_.pop();  // of two ports
    }
    for (Operation& operation : operations_) {
      if (operation.tag != output.operation) continue;
      --operation.pending;
      ++operation.unacknowledged;
    }
    outputs_.pop();
  }
}

}  // namespace nvdla::engine
