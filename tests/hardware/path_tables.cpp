// SPDX-License-Identifier: Apache-2.0
#include "path_tables.h"

#include <algorithm>
#include <sstream>

#include "hardware/paths/cdp.h"
#include "hardware/paths/convolution.h"
#include "hardware/paths/csb.h"
#include "hardware/paths/latency_counters.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/paths/movers.h"
#include "hardware/paths/pdp.h"
#include "hardware/paths/sdp.h"
#include "hardware/paths/write_chain.h"
#include "hardware/paths/write_link.h"

namespace nvdla::paths {

namespace {

Table memory_interface() {
  const MemoryInterfacePaths &b = kMemoryInterface, &m = kMemoryInterfaceMaster;
  return {"Memory interface (MCIF, CVIF)",
          "memory_interface.h",
          {{"read_request", "client's request register to the address on the bus", &b.read_request,
            &b.read_request, &m.read_request},
           {"read_return", "beat on the bus to the client's response register", &b.read_return,
            &b.read_return, &m.read_return},
           {"write", "last beat of a chunk in the client's register to the first on the bus", &b.write,
            &b.write, &m.write},
           {"write_acknowledge", "B on the bus to wr_rsp_complete", &b.write_acknowledge,
            &b.write_acknowledge, &m.write_acknowledge},
           {"credit", "client's read of its latency FIFO to the address that it lets pass", &b.credit,
            &b.credit, &m.credit},
           {"kRequestQueue", "write requests of a client in front of the arbiter", &kRequestQueue,
            &kRequestQueue},
           {"kReadQueue", "read requests of a client there", &kReadQueue, &kReadQueue, &kReadQueue},
           {"kReadQueueSecond", "more of them: CDMA's data, SDP in V1", &kReadQueueSecond, &kReadQueueSecond,
            &kReadQueueSecond},
           {"latency counter, data", "what D_PERF_DAT_READ_LATENCY counts beside the bus",
            &kLatencyCountersV1.data, &kLatencyCountersScalable.data, &kLatencyCountersMaster.data},
           {"latency counter, weights", "the same of D_PERF_WT_READ_LATENCY", &kLatencyCountersV1.weights,
            nullptr},
           {"kReadRegisters", "read request in front of the arbiter, register by register", nullptr, nullptr,
            &kReadRegisters},
           {"kReadClientPipe", "chunks of a client that wait for the arbiter", &kReadClientPipe,
            &kReadClientPipe, &kReadClientPipe},
           {"kReadPlaces", "reads that wait between arbiter and counter of open beats", &kReadPlaces,
            &kReadPlaces, &kReadPlacesMaster},
           {"kReadSlot", "read beat on the bus to the address that its place lets pass", &kReadSlot,
            &kReadSlot, &kReadSlot},
           {"kReadInput", "read beats that wait when the client takes none", &kReadInput, &kReadInput,
            &kReadInput},
           {"kReadAhead", "reads behind the counter when the next one follows", &kReadAhead, &kReadAhead,
            &kReadAhead},
           {"kReadAheadCredit", "address that memory takes to the one that may follow it", &kReadAheadCredit,
            &kReadAheadCredit, &kReadAheadCredit},
           {"kWriteAhead", "write beats behind the arbiter when the next chunk follows", &kWriteAhead,
            &kWriteAhead, &kWriteAheadMaster},
           {"kWriteBus", "grant of a chunk to its first beat on the bus", &kWriteBus, &kWriteBus,
            &kWriteBusMaster}}};
}

Table csb() {
  const CsbPaths &a = kCsbV1, &b = kCsbScalable;
  return {"Register access (CSB)",
          "csb.h",
          {{"to_unit", "access in CSB master to the unit's request register", &a.to_unit, &b.to_unit},
           {"register_write", "request register to the field", &a.register_write, &b.register_write},
           {"operation_enable", "OP_ENABLE to the unit's start", &a.operation_enable, &b.operation_enable},
           {"launch", "BDMA: request register to the start", &a.launch, nullptr},
           {"retiming", "more of it for CMAC and CACC, each way", &a.retiming, &b.retiming},
           {"group_switch", "done to the start of the other group", &a.group_switch, &b.group_switch},
           {"read_return", "request register to the data at the master", &a.read_return, &b.read_return},
           {"read_next", "data at the master to the next access", &a.read_next, &b.read_next},
           {"slot_reuse", "a FIFO entry taken to the same entry taken again", &a.slot_reuse, &b.slot_reuse},
           {"interrupt_status", "done register to S_INTR_STATUS", &a.interrupt_status, &b.interrupt_status},
           {"interrupt_line", "S_INTR_STATUS to dla_intr", &a.interrupt_line, &b.interrupt_line},
           {"flush_end", "after the last flushed CBUF entry", &a.flush_end, &b.flush_end}}};
}

Table convolution() {
  const ConvolutionPaths &a = kConvolutionV1, &b = kConvolutionScalable, &m = kConvolutionMaster;
  return {
      "Convolution (CDMA, CSC, CMAC, CACC)",
      "convolution.h",
      {{"data_request", "CDMA's start to the first address of feature data", &a.data_request, &b.data_request,
        &m.data_request},
       {"image_request", "the same, image", &a.image_request, &b.image_request, &m.image_request},
       {"weight_request", "the same, weights", &a.weight_request, &b.weight_request, &m.weight_request},
       {"bank_change", "more when the bank split changes", &a.bank_change, &b.bank_change, &m.bank_change},
       {"data_return", "beat of data to its read out of the shared buffer", &a.data_return, &b.data_return,
        &m.data_return},
       {"data_done", "last of these reads to the done bit", &a.data_done, &b.data_done, &m.data_done},
       {"image_done", "last line-packer slot to the done bit", &a.image_done, &b.image_done, &m.image_done},
       {"weight_done", "last beat of weights to the done bit", &a.weight_done, &b.weight_done,
        &m.weight_done},
       {"data_to_sequence", "data's done bit to the first weights at the MAC cells", &a.data_to_sequence,
        &b.data_to_sequence, &m.data_to_sequence},
       {"image_to_sequence", "the same, image", &a.image_to_sequence, &b.image_to_sequence,
        &m.image_to_sequence},
       {"weight_to_sequence", "last beat of a kernel group to the same", &a.weight_to_sequence,
        &b.weight_to_sequence, &m.weight_to_sequence},
       {"start_to_sequence", "CSC's start to the same", &a.start_to_sequence, &b.start_to_sequence,
        &m.start_to_sequence},
       {"sequence_done", "last atomic operation to CSC's done", &a.sequence_done, &b.sequence_done,
        &m.sequence_done},
       {"weight_release", "end of a group's last weight load to requests into its entries", &a.weight_release,
        &b.weight_release, &m.weight_release},
       {"data_release", "last atomic operation to requests into its data's entries", &a.data_release,
        &b.data_release, &m.data_release},
       {"accumulate", "first atomic operation of a last block to CACC's first transfer", &a.accumulate,
        &b.accumulate, &m.accumulate},
       {"accumulate_fp16", "more for fp16", &a.accumulate_fp16, nullptr},
       {"interrupt", "last transfer to the done interrupt", &a.interrupt, &b.interrupt, &m.interrupt},
       {"accumulate_done", "last atomic operation to CACC's done", &a.accumulate_done, &b.accumulate_done,
        &m.accumulate_done},
       {"credit_return", "transfer to the atomic operation that its credit lets pass", &a.credit_return,
        &b.credit_return, &m.credit_return},
       {"delivery_gap", "between the transfers of two positions", &a.delivery_gap, &b.delivery_gap,
        &m.delivery_gap},
       {"kSharedBufferPipes", "pipes in front of CDMA's shared buffer", &kSharedBufferPipes,
        &kSharedBufferPipes, &kSharedBufferPipes},
       {"HeldBeats.places", "beats of CDMA's data between the bus and those", &kHeldBeats.places,
        &kHeldBeats.places, &kHeldBeatsMaster.places},
       {"HeldBeats.ready", "entry into those to the beat that its place lets leave the bus",
        &kHeldBeats.ready, &kHeldBeats.ready, &kHeldBeatsMaster.ready},
       {"size_request", "CDMA's start to the first address of compressed groups' sizes", &a.size_request,
        nullptr},
       {"winograd_request", "CDMA's start to the first address of data, Winograd", &a.winograd_request,
        nullptr},
       {"winograd_return", "beat of data to the shared buffer, Winograd", &a.winograd_return, nullptr},
       {"winograd_done", "last read of that buffer to the done bit", &a.winograd_done, nullptr},
       {"winograd_to_sequence", "that done bit to the first weights at the MAC cells",
        &a.winograd_to_sequence, nullptr}}};
}

Table sdp() {
  const SdpPaths &a = kSdpV1, &b = kSdpScalable, &m = kSdpMaster;
  return {
      "SDP",
      "sdp.h",
      {{"request", "SDP_RDMA's start to its first address", &a.request, &b.request, &m.request},
       {"read", "main input beat to the datapath's entry", &a.read, &b.read, &m.read},
       {"operand", "operand beat to the entry of the datum that uses it", &a.operand, &b.operand, &m.operand},
       {"operand_y", "the datum comes to Y later by", &a.operand_y, nullptr},
       {"operand_y_mul", "a MUL operand comes to Y later than an ALU operand by", &a.operand_y_mul, nullptr},
       {"operand_x_mul", "MUL operands alone come to X1, X2 earlier by", &a.operand_x_mul, nullptr},
       {"from_cacc", "CACC's hand-over to the entry", &a.from_cacc, &b.from_cacc, &m.from_cacc},
       {"core", "entry to done, all sub-engines bypassed", &a.core, &b.core, &m.core},
       {"x", "an enabled X adds", &a.x, &b.x, &m.x},
       {"x_alu", "its ALU", &a.x_alu, &b.x_alu, &m.x_alu},
       {"x_mul", "its multiplier", &a.x_mul, &b.x_mul, &m.x_mul},
       {"y", "an enabled Y adds", &a.y, &b.y, &m.y},
       {"y_alu", "its ALU", &a.y_alu, &b.y_alu, &m.y_alu},
       {"y_mul", "its multiplier", &a.y_mul, &b.y_mul, &m.y_mul},
       {"y_lut", "its LUT", &a.y_lut, &b.y_lut, &m.y_lut},
       {"write", "done to the first beat on the bus", &a.write, &b.write, &m.write},
       {"acknowledge", "write acknowledge to the interrupt", &a.acknowledge, &b.acknowledge, &m.acknowledge},
       {"quiet_interrupt", "done to the interrupt, nothing written", &a.quiet_interrupt, &b.quiet_interrupt,
        &m.quiet_interrupt},
       {"main_done", "entry of the last record but one to MRDMA's done", &a.main_done, &b.main_done,
        &m.main_done},
       {"alu_operand_done", "the same, ALU operand", &a.alu_operand_done, &b.alu_operand_done,
        &m.alu_operand_done},
       {"mul_operand_done", "the same, MUL operand", &a.mul_operand_done, &b.mul_operand_done,
        &m.mul_operand_done},
       {"credit", "beat to the address that its FIFO place lets pass", nullptr, &b.credit, &m.credit},
       {"pop", "what leaves the latency FIFO to the address that its place lets pass", nullptr, &b.pop,
        &m.pop},
       {"use", "use of a record to the address that it lets pass", nullptr, &b.use, &m.use},
       {"kSdpRecordsAhead", "records in front of the datapath", nullptr, &kSdpRecordsAhead,
        &kSdpRecordsAhead},
       {"kSdpToX", "entry to an operand of X1", nullptr, &kSdpToX, &kSdpToX},
       {"kSdpToXSkids", "transfers beside those in its registers", nullptr, &kSdpToXSkids, &kSdpToXSkids},
       {"kSdpTaken", "transfers from CACC in front of its entry", nullptr, &kSdpTaken, &kSdpTaken},
       {"kSdpYOperand", "what an operand of Y passes", nullptr, nullptr, &kSdpYOperand},
       {"kSdpYConvert", "more of it where it is converted", nullptr, nullptr, &kSdpYConvert},
       {"kSdpPairTransfers", "two-byte pairs of operands on their way, X1, X2", &kSdpPairTransfers, nullptr},
       {"kSdpPairCycles", "and how long they are", &kSdpPairCycles, nullptr},
       {"kSdpPairTransfersInt8", "the same in int8", &kSdpPairTransfersInt8, nullptr},
       {"kSdpPairCyclesInt8", "and how long they are", &kSdpPairCyclesInt8, nullptr},
       {"kSdpWriteCommand", "start to the first write command", &kSdpWriteCommand, &kSdpWriteCommand,
        &kSdpWriteCommand},
       {"kSdpAheadOfY", "transfers that wait for a slow CORE_Y", &kSdpAheadOfY, nullptr, &kSdpAheadOfY},
       {"kSdpAheadOfYRoom", "room for one of them to CACC", &kSdpAheadOfYRoom, nullptr, &kSdpAheadOfYRoom},
       {"kSdpXSkidsV1", "more of them in an X; and cycles for their room", &kSdpXSkidsV1, nullptr, nullptr},
       {"kSdpAheadOfPdp", "transfers that wait for PDP", nullptr, nullptr, &kSdpAheadOfPdp},
       {"kSdpAheadOfPdpRoom", "PDP's entry to room for one of them", nullptr, nullptr, &kSdpAheadOfPdpRoom},
       {"kPdpHolds", "transfers in front of PDP", nullptr, nullptr, &kPdpHolds},
       {"kPdpHoldsBack", "one that PDP takes to the done of SDP behind it", nullptr, nullptr, &kPdpHoldsBack},
       {"kSdpYPlain", "registers of Y that hold one transfer", nullptr, nullptr, &kSdpYPlain},
       {"kSdpXPlain", "registers of an X that hold one transfer", nullptr, nullptr, &kSdpXPlain},
       {"SdpWriteChain.commands", "chunks that wait in front of the arbiter of writes",
        &kSdpWriteChainV1.commands, &kSdpWriteChainScalable.commands, &kSdpWriteChainMaster.commands},
       {"SdpWriteChain.arbiter", "their beats", &kSdpWriteChainV1.arbiter, &kSdpWriteChainScalable.arbiter,
        &kSdpWriteChainMaster.arbiter},
       {"SdpWriteChain.fifo", "beats of the command that is cut into chunks", &kSdpWriteChainV1.fifo,
        &kSdpWriteChainScalable.fifo, &kSdpWriteChainMaster.fifo},
       {"SdpWriteChain.pipes", "beats and commands behind it", &kSdpWriteChainV1.pipes,
        &kSdpWriteChainScalable.pipes, &kSdpWriteChainMaster.pipes},
       {"SdpWriteChain.unpack", "beats in WDMA", &kSdpWriteChainV1.unpack, &kSdpWriteChainScalable.unpack,
        &kSdpWriteChainMaster.unpack},
       {"kSdpBeat", "beats in front of them", nullptr, nullptr, &kSdpBeat},
       {"kSdpAtom", "and atoms; V1: the fourth beat of its FIFO", &kSdpAtom, &kSdpAtom, &kSdpAtom},
       {"kWriteFilled", "beats that fill what is behind WDMA", nullptr, nullptr, &kWriteFilledMaster},
       {"kWriteBackSdp", "beat that leaves the datapath to the transfer that it lets in", &kWriteBackSdpV1,
        &kWriteBackSdp, &kWriteBackSdp},
       {"kSdpXHoldsV1", "transfers that an X holds beside those in its stages", &kSdpXHoldsV1, nullptr,
        nullptr},
       {"kWriteBack", "beat on the bus to the transfer that it lets pass", nullptr, nullptr, &kWriteBack},
       {"SdpWriteChain.datapath", "transfers in the datapath beside those in its stages",
        &kSdpWriteChainV1.datapath, &kSdpWriteChainScalable.datapath, &kSdpWriteChainMaster.datapath}}};
}

Table pdp() {
  const PdpPaths &a = kPdpV1, &b = kPdpScalable, &m = kPdpMaster;
  return {
      "PDP",
      "pdp.h",
      {{"request", "PDP_RDMA's start to its first address", &a.request, &b.request, &m.request},
       {"read", "beat on the bus to the core's entry", &a.read, &b.read, &m.read},
       {"flying_read", "SDP's hand-over to the core's entry", &a.flying_read, &b.flying_read, &m.flying_read},
       {"depth", "end of an atom's cycles to WDMA's request register", &a.depth, &b.depth, &m.depth},
       {"fp16_average", "more for an fp16 average", &a.fp16_average, nullptr},
       {"kPdpFlyingAlike", "of flying_read, SDP and PDP of one width (scalable)", nullptr, &kPdpFlyingAlike},
       {"kPdpOneColumn", "idle behind a line of one output column", &kPdpOneColumn, &kPdpOneColumn},
       {"fetch_done", "end of the last atom's cycles to PDP_RDMA's done", &a.fetch_done, &b.fetch_done,
        &m.fetch_done},
       {"write", "WDMA's request register to the bus", &a.write, &b.write, &m.write},
       {"acknowledge", "write acknowledge to the interrupt", &a.acknowledge, &b.acknowledge, &m.acknowledge},
       {"reorder", "beats behind the latency FIFO", &a.reorder, &b.reorder, &m.reorder},
       {"credit", "a beat's last word to the address that it lets pass, FIFO behind full", &a.credit,
        &b.credit, &m.credit},
       {"credit_open", "a beat's entry to it, where that has room", &a.credit_open, &b.credit_open,
        &m.credit_open},
       {"queue", "requests that wait for their data", &a.queue, &b.queue, &m.queue},
       {"queue_turn", "a request's last word to the address that its successor's place lets pass",
        &a.queue_turn, &b.queue_turn, &m.queue_turn},
       {"PdpWriteChain.pipes", "beats and commands between WDMA and WRITE_IG_bpt's FIFO",
        &kPdpWriteChainV1.pipes, &kPdpWriteChainScalable.pipes, &kPdpWriteChainMaster.pipes},
       {"PdpWriteChain.unpack", "beats in WDMA", &kPdpWriteChainV1.unpack, &kPdpWriteChainScalable.unpack,
        &kPdpWriteChainMaster.unpack}}};
}

Table cdp() {
  const CdpPaths &a = kCdpV1, &b = kCdpScalable, &m = kCdpMaster;
  return {
      "CDP",
      "cdp.h",
      {{"request", "CDP_RDMA's start to its first address", &a.request, &b.request, &m.request},
       {"read", "beat on the bus to the datapath's entry", &a.read, &b.read, &m.read},
       {"depth", "end of a strip's cycles to WDMA's output pipe", &a.depth, &b.depth, &m.depth},
       {"depth_fp16", "the same, fp16, without the additions of pairs", &a.depth_fp16, nullptr},
       {"pair_fp16", "one of them; half of the window's length", &a.pair_fp16, nullptr},
       {"elastic", "words between the window and WDMA when WDMA waits", &a.elastic, &b.elastic},
       {"refill", "WDMA between two strips", &a.refill, &b.refill, &m.refill},
       {"restart_fp16", "more of it, fp16", &a.restart_fp16, nullptr},
       {"fetch_done", "end of the last word's cycle to CDP_RDMA's done", &a.fetch_done, &b.fetch_done,
        &m.fetch_done},
       {"write", "WDMA's output pipe to the bus", &a.write, &b.write, &m.write},
       {"acknowledge", "write acknowledge to the interrupt", &a.acknowledge, &b.acknowledge, &m.acknowledge},
       {"reorder", "beats behind the latency FIFO", &a.reorder, &b.reorder, &m.reorder},
       {"credit", "a beat's last word to the address that it lets pass, FIFO behind full", &a.credit,
        &b.credit, &m.credit},
       {"credit_open", "a beat's entry to it, where that has room", &a.credit_open, &b.credit_open,
        &m.credit_open},
       {"queue", "requests that wait for their data", &a.queue, &b.queue, &m.queue},
       {"queue_turn", "a request's last word to the address that its successor's place lets pass",
        &a.queue_turn, &b.queue_turn, &m.queue_turn},
       {"ahead", "words between CDP_RDMA and the window while that is held", &a.ahead, &b.ahead, &m.ahead},
       {"square_sum", "what of the depth its bypass leaves out", &a.square_sum, &b.square_sum, &m.square_sum},
       {"square_sum_fp16", "more of it in fp16", &a.square_sum_fp16, nullptr},
       {"multiplier", "what the multiplier's bypass leaves out", &a.multiplier, &b.multiplier, &m.multiplier},
       {"CdpWriteChain.pipes", "beats and commands between WDMA and WRITE_IG_bpt's FIFO",
        &kCdpWriteChainV1.pipes, &kCdpWriteChainScalable.pipes, &kCdpWriteChainMaster.pipes},
       {"CdpWriteChain.unpack", "beats in WDMA", &kCdpWriteChainV1.unpack, &kCdpWriteChainScalable.unpack,
        &kCdpWriteChainMaster.unpack}}};
}

Table mover(std::string_view unit, const MoverPaths& m) {
  return {unit,
          "movers.h",
          {{"request", "start to the first address", &m.request, nullptr},
           {"read", "beat on the bus to its entry", &m.read, nullptr},
           {"store", "entry to the link of the write side", &m.store, nullptr},
           {"depth", "end of a beat's cycle to the output of the write side", &m.depth, nullptr},
           {"fetch_done", "the group ends with the writes", &m.fetch_done, nullptr},
           {"write", "output of the write side to the bus", &m.write, nullptr},
           {"acknowledge", "write acknowledge to the interrupt", &m.acknowledge, nullptr},
           {"credit", "a beat's entry to the address that its FIFO place lets pass", &m.credit, nullptr}}};
}

Table rubik() {
  Table table = mover("Rubik", kRubik);
  for (const Row& row :
       {Row{"kRubikFileFree", "last read of a half to the first beat into it", &kRubikFileFree},
        Row{"kRubikFileTurn", "last beat into a half to its first read", &kRubikFileTurn},
        Row{"kRubikFileRead", "read to the push into the write FIFO", &kRubikFileRead},
        Row{"kRubikFifo", "push to the link of the write side", &kRubikFifo},
        Row{"kRubikFileReads", "reads on their way to the push", &kRubikFileReads},
        Row{"kRubikFileWrites", "beats that come in before their half's last push", &kRubikFileWrites},
        Row{"kRubikFileCommands", "write commands that wait", &kRubikFileCommands},
        Row{"kRubikFifoAtoms", "atoms in the write FIFO", &kRubikFifoAtoms}})
    table.rows.push_back(row);
  return table;
}

Table shared() {
  return {
      "Shared by SDP, PDP, CDP, BDMA and Rubik",
      "movers.h, write_link.h",
      {{"kStreamStart", "a datum of an operation's first", &kStreamStart, &kStreamStart},
       {"WriteLink.arbiter", "that output to the arbiter", &kWriteLinkV1.arbiter, &kWriteLinkScalable.arbiter,
        &kWriteLinkMaster.arbiter},
       {"MoverWriteLink.arbiter", "the same of BDMA, Rubik", &kMoverWriteLink.arbiter, nullptr},
       {"WriteLink.arbiter_beats", "beats in front of the arbiter", &kWriteLinkV1.arbiter_beats,
        &kWriteLinkScalable.arbiter_beats, &kWriteLinkMaster.arbiter_beats},
       {"MoverWriteLink.arbiter_beats", "the same of BDMA, Rubik", &kMoverWriteLink.arbiter_beats, nullptr},
       {"WriteLink.arbiter_commands", "chunk commands there", &kWriteLinkV1.arbiter_commands,
        &kWriteLinkScalable.arbiter_commands, &kWriteLinkMaster.arbiter_commands},
       {"MoverWriteLink.arbiter_commands", "the same of BDMA, Rubik", &kMoverWriteLink.arbiter_commands,
        nullptr},
       {"WriteLink.command_back", "a chunk that is granted to the command that its place lets pass",
        &kWriteLinkV1.command_back, &kWriteLinkScalable.command_back, &kWriteLinkMaster.command_back},
       {"MoverWriteLink.command_back", "the same of BDMA, Rubik", &kMoverWriteLink.command_back, nullptr}}};
}

std::string sum(const Path* path) {
  if (path == nullptr) return "-";
  return std::to_string(path->sum()) + (path->measured() ? " m" : "");
}

void segments(std::ostringstream& text, std::string_view generation, const Row& row, const Path& path) {
  text << "- `" << row.name << "` (" << generation << ", " << sum(&path) << "): ";
  if (path.begin() == path.end()) text << "no register.";
  for (const Segment* s = path.begin(); s != path.end(); ++s) {
    text << (s == path.begin() ? "" : "; ") << s->cycles << " " << s->name << " [" << s->source << "]";
    if (s->evidence == Evidence::kMeasured) text << " **measured**";
  }
  text << "\n";
}

bool same(const Path& a, const Path& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Segment& s, const Segment& t) {
    return s.name == t.name && s.cycles == t.cycles && s.source == t.source && s.evidence == t.evidence;
  });
}

}  // namespace

std::vector<Table> all_tables() {
  return {memory_interface(),   csb(),   convolution(), sdp(), pdp(), cdp(),
          mover("BDMA", kBdma), rubik(), shared()};
}

std::string hardware_facts() {
  std::ostringstream text;
  text << "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
          "# Hardware facts: every latency as a sum of registers\n\n"
          "Made from tlm_model/hardware/paths by scripts/hardware_facts.sh; a test fails when it is stale.\n"
          "Core clock cycles. `m`: the sum holds a segment that was measured, in a simulation of the RTL or\n"
          "in a recording, and whose registers are not identified; the list below the table says what was\n"
          "measured and what is not understood. A negative segment is time that two ends of a path share.\n"
          "Names in brackets are modules and registers of nvdla/hw (NV_NVDLA_ left out): V1 is branch\n"
          "nvdlav1, scalable nv_small, master the scalable generation on branch master. A few rows are "
          "capacities (beats, requests), summed the same way.\n";
  for (const Table& table : all_tables()) {
    text << "\n## " << table.unit << "\n\n`tlm_model/hardware/paths/" << table.header
         << "`\n\n| path | from, to | V1 | scalable | master |\n|---|---|---|---|---|\n";
    for (const Row& row : table.rows)
      text << "| " << row.name << " | " << row.meaning << " | " << sum(row.v1) << " | " << sum(row.scalable)
           << " | " << sum(row.master != nullptr ? row.master : row.scalable) << " |\n";
    text << "\n";
    for (const Row& row : table.rows) {
      const bool both = row.v1 != nullptr && row.scalable != nullptr && same(*row.v1, *row.scalable);
      if (row.v1 != nullptr) segments(text, both ? "both" : "V1", row, *row.v1);
      if (row.scalable != nullptr && !both) segments(text, "scalable", row, *row.scalable);
      if (row.master != nullptr && (row.scalable == nullptr || !same(*row.scalable, *row.master)))
        segments(text, "master", row, *row.master);
    }
  }
  return text.str();
}

}  // namespace nvdla::paths
