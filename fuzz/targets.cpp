// SPDX-License-Identifier: Apache-2.0
#include "fuzz/targets.h"

#include <stdlib.h>

#include <bitset>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "analysis/buffer_split.h"
#include "fuzz/onnx_seed.h"
#include "hardware/parameters_file.h"
#include "host/dma_trace.h"
#include "host/driver/configuration.h"
#include "host/images/npy.h"
#include "host/inputs/choose_configuration.h"
#include "host/inputs/import_vp_log.h"
#include "host/inputs/memory_accesses.h"
#include "host/inputs/read_input.h"
#include "host/inputs/trace_test_program.h"
#include "host/inputs/vp_log.h"
#include "host/loadable/loadable.h"
#include "host/map_fit.h"
#include "host/memory_file.h"
#include "host/memory_options.h"
#include "host/reset_state.h"
#include "host/text_source.h"
#include "host/waveform/import_waveform.h"
#include "host/waveform/pin_map.h"
#include "host/waveform/pins.h"
#include "mapper/json_reader.h"
#include "mapper/map.h"
#include "mapper/onnx/onnx_reader.h"
#include "registers/register_map.h"
#include "tools/compiler/chain_file.h"
#include "validation/bounds.h"
#include "validation/csv.h"
#include "validation/kernel_log.h"
#include "validation/layers.h"
#include "validation/notes.h"
#include "validation/recording.h"

namespace nvdla::fuzz {
namespace {

namespace fs = std::filesystem;

// Of this process; goes when it ends.
const fs::path& directory() {
  struct Directory {
    // In memory where that is possible: every input is written to a file.
    Directory()
        : path(((fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                "nvdla_fuzz_XXXXXX")
                   .string()) {
      if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary directory");
      as_path = path;
    }
    ~Directory() {
      std::error_code ignored;
      fs::remove_all(as_path, ignored);
    }
    std::string path;
    fs::path as_path;
  };
  static const Directory made;
  return made.as_path;
}

std::string written(const char* name, const void* data, std::size_t size) {
  std::string path = (directory() / name).string();
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}
std::string written(const char* name, const std::string& text) {
  return written(name, text.data(), text.size());
}

template <typename Parse>
bool accepted(Parse parse) {
  try {
    parse();
    return true;
  } catch (const host::InputError&) {
    return false;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

bool trace(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] {
    const host::Program program(path);
    (void)host::recognised_map(program);
    (void)host::begins_at_reset(program, Generation::kV1);
  });
}

bool any_input(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] {
    (void)host::choose_configuration(path, host::input_kind(path));
    (void)host::read_input(path, Generation::kScalable);
  });
}

bool trace_test(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)host::trace_test_program(path, Generation::kScalable); });
}

bool vp_log(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] {
    (void)host::vp_log_program(path);
    const fs::path output = directory() / "imported";
    (void)host::import_vp_log(path, output.string());
    fs::remove_all(output);
  });
}

bool memory_list(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] {
    host::MemoryAccessBursts bursts(path, 8);
    for (host::DmaBurst burst; bursts.next(burst);) {
    }
  });
}

bool memory_file(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input.dat", data, size);
  return accepted([&] {
    const host::MemoryImage image = host::read_surface_file(path);
    (void)host::read_memory_file(path, image.end / 2);
  });
}

bool dma_trace(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] {
    host::DmaTraceReader reader(path);
    Cycle last = 0;
    for (host::DmaBurst burst; reader.next(burst); last = burst.cycle)
      if (burst.cycle < last) throw std::logic_error("rows of a DMA trace out of the order of time");
  });
}

bool memory_options(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  return accepted([&] {
    const host::MemoryOptions options = host::parse_memory_options("--dbb", text, {});
    if (!(options.bytes_per_cycle > 0 && options.bytes_per_cycle <= 1048576 && options.size > 0))
      throw std::logic_error("memory options out of range are taken");
  });
}

const std::string kMetadata =
    R"({"schema": "nvdla-recording/1", "trace": "t", "config": "nv_small", "dbb": {"latency": 50,
 "bytes_per_cycle": 8, "max_outstanding": 256, "bus_bytes": 8}, "csb_gap": 0, "last_done": 900})";
const std::string kOperations = "unit,sequence,enable,interrupt,write_beats\nCONV,0,1,800,0\nSDP,0,2,900,4\n";
const std::string kReads = "unit,sequence,port,direction,client,beats,bytes\nCDMA,0,DBB,read,cdmadat,2,16\n";

bool recording(const std::string& metadata, const std::string& operations, const std::string& reads) {
  const std::string path = written("r.json", metadata);
  (void)written("r.ops.csv", operations);
  (void)written("r.dma.csv", reads);
  return accepted([&] { (void)validation::recorded_operations(validation::load_recording(path)); });
}
std::string text_of(const std::uint8_t* data, std::size_t size) {
  return std::string(reinterpret_cast<const char*>(data), size);
}
bool recording_json(const std::uint8_t* data, std::size_t size) {
  return recording(text_of(data, size), kOperations, kReads);
}
bool recording_operations(const std::uint8_t* data, std::size_t size) {
  return recording(kMetadata, text_of(data, size), "unit,sequence,port,direction,client,beats,bytes\n");
}
bool recording_reads(const std::uint8_t* data, std::size_t size) {
  return recording(kMetadata, kOperations, text_of(data, size));
}

bool kernel_log(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)validation::read_kernel_log(path); });
}

bool waveform(const std::uint8_t* data, std::size_t size) {
  host::WaveformImport import;
  import.waveform = written("input.vcd", data, size);
  import.directory = (directory() / "imported").string();
  import.config = "nv_small";
  const bool good = accepted([&] { (void)host::import_waveform(import); });
  fs::remove_all(import.directory);
  return good;
}

bool pin_map(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)host::PinMap(path); });
}

// SDP is started, reads a burst, and its interrupt is read.
std::string small_waveform() {
  const auto& map = registers::RegisterMap::of(Generation::kScalable);
  const auto pin = [](const std::string& name, std::uint32_t value) {
    return "b" + std::bitset<32>(value).to_string() + " " + name + "\n";
  };
  std::string text = "$scope module t $end\n", zeros;
  for (host::Pin each = 0; each < host::kPins; ++each) {
    if (!host::pin_required(each)) continue;
    const std::string name = host::pin_name(each);
    text += "$var wire 64 ";
    text.append(name).append(" ").append(name).append(" [63:0] $end\n");
    zeros += pin(name, 0);
  }
  text += "$upscope $end\n$enddefinitions $end\n#0\n" + zeros;
  int time = 0;
  const auto cycle = [&](const std::string& changes) {
    text += "#" + std::to_string(++time) + "\nb1 dla_core_clk\n" + changes;
    text += "#" + std::to_string(++time) + "\nb0 dla_core_clk\n";
  };
  cycle(pin("csb2nvdla_ready", 1) + pin("csb2nvdla_valid", 1) + pin("csb2nvdla_write", 1) +
        pin("csb2nvdla_addr", map.offset(Unit::kSdp, "D_OP_ENABLE") / 4) + pin("csb2nvdla_wdat", 1));
  cycle(pin("csb2nvdla_valid", 0) + pin("nvdla_core2dbb_ar_arvalid", 1) +
        pin("nvdla_core2dbb_ar_arready", 1) + pin("nvdla_core2dbb_ar_arid", 1));
  cycle(pin("nvdla_core2dbb_ar_arvalid", 0) + pin("dla_intr", 1) + pin("csb2nvdla_valid", 1) +
        pin("csb2nvdla_write", 0) + pin("csb2nvdla_addr", map.offset(Unit::kGlb, "S_INTR_STATUS") / 4));
  cycle(pin("csb2nvdla_valid", 0));
  for (int i = 0; i < 20; ++i) cycle("");
  cycle(pin("nvdla2csb_valid", 1) + pin("nvdla2csb_data", 1));
  cycle(pin("nvdla2csb_valid", 0));
  return text;
}

bool bounds(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)validation::load_bounds(path); });
}

bool notes(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)validation::load_notes(path); });
}

bool layers(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input", data, size);
  return accepted([&] { (void)validation::LayerNames(path); });
}

// A network that is read is mapped, too: a small configuration divides it most.
template <class Read>
bool mapped(Read read) {
  return accepted([&] {
    const mapper::LayerNetwork network = read();
    try {
      (void)mapper::map(network, preset("nv_small"), {});
    } catch (const analysis::Infeasible&) {
    }
  });
}
bool layer_json(const std::uint8_t* data, std::size_t size) {
  return mapped([&] { return mapper::parse_json_network(text_of(data, size), "input"); });
}
bool onnx(const std::uint8_t* data, std::size_t size) {
  return mapped([&] { return mapper::parse_onnx_network(data, size, "input"); });
}

bool loadable(const std::uint8_t* data, std::size_t size) {
  return accepted([&] {
    const host::Loadable loadable = host::parse_loadable(data, size, "input");
    (void)host::possible_configurations(loadable);
  });
}

// Three bytes of three channels.
std::string small_array() {
  std::string header = "{'descr': '|i1', 'fortran_order': False, 'shape': (3, 1, 1), }";
  header.resize(128 - 10 - 1, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n\x01\x02\x03";
}

bool array(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input.npy", data, size);
  return accepted([&] { (void)host::read_npy(path); });
}

bool chain(const std::uint8_t* data, std::size_t size) {
  (void)written("a.npy", small_array());
  const std::string path = written("input.json", data, size);
  return accepted([&] { (void)tools::compile_chain(path, preset("nv_small")); });
}

bool configuration(const std::uint8_t* data, std::size_t size) {
  const std::string path = written("input.json", data, size);
  return accepted([&] {
    try {
      (void)load_hardware(path);
    } catch (const std::runtime_error& error) {
      // The model's own reader has no type for it: the text names the file.
      if (std::string(error.what()).find(path) == std::string::npos) throw;
      throw host::InputError(error.what());
    }
  });
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::string adaptor =
      "nvdla.csb_adaptor: GP: iswrite=1 addr=0x9020 len=4 data=0x 00000300 resp=TLM_OK_RESPONSE\n"
      "nvdla.dbb_adaptor: GP: iswrite=0 addr=0xc0001000 len=8 data=0x 1 2 resp=TLM_OK_RESPONSE\n"
      "nvdla.dbb_adaptor: GP: iswrite=1 addr=0xc0001004 len=4 data=0x 3 resp=TLM_OK_RESPONSE\n";
  static const std::string master =
      "NV_NVDLA_csb_master.cpp: 1:Addr: 0x7004\nNV_NVDLA_csb_master.cpp: 2:Data: 0x5\n"
      "NV_NVDLA_csb_master.cpp: 3:Is write: 0x1\n";
  static const std::string registers =
      "# c\nwrite_reg 0xffff2403 0x00002000\nread_reg 0x1000 0xffffffff 0x00000012\nuntil 0xffff0003 0x3\n"
      "wait\nload_mem 0x80000000 0x20 a.dat\ndump_mem 0x0 16 b\nwrite_mem 0x80000004 7\nread_mem 0 1 0\n";
  static const std::string test =
      "// c\nmem_init(pri_mem, 0x80000000, 0x40, ALL_ZERO);\nmem_load(1, 0x80000000, \"in.dat\", go);\n"
      "reg_write(NVDLA_GLB.S_INTR_MASK_0, 0x3f0000);\nsync_notify(NVDLA_CACC, go);\n"
      "sync_wait(NVDLA_CSC, go);\npoll_field_equal(NVDLA_SDP.S_POINTER_0.CONSUMER, 0x1);\n"
      "intr_notify(SDP_1, end);\ncheck_crc(end, pri_mem, 0x80000000, 64, 0x758d6336);\n"
      "check_file(end, sec_mem, 0x80000000, 0x40, \"b.dat\");\ncheck_nothing(end);\n";
  static const std::vector<Target> all{
      {"trace", trace, {registers}},
      {"any_input", any_input, {registers, test, adaptor}},
      {"trace_test", trace_test, {test}},
      {"vp_log", vp_log, {adaptor, master}},
      {"memory_list", memory_list, {"r 80001000\nw 0x80002000 # c\n", adaptor}},
      {"memory_file",
       memory_file,
       {"{offset:0x20, size:4, payload:0x01 0x02 0x03 0x04}\n", "{'offset':0x4, size:2, value:0xff 0x0},\n",
        "Data_size = 2\n0x00 0x01\n"}},
      {"dma_trace", dma_trace, {"cycle,port,access,client,address,beats\n747,DBB,R,sdpb,80201000,1\n"}},
      {"memory_options", memory_options, {"latency=50,bandwidth=64,max_outstanding=256,base=0x8,size=64"}},
      {"waveform", waveform, {small_waveform()}},
      {"pin_map", pin_map, {"# c\nscope = a.b\ncsb2nvdla_valid = !a/b/c\n"}},
      {"recording_json", recording_json, {kMetadata}},
      {"recording_operations", recording_operations, {kOperations}},
      {"recording_reads", recording_reads, {kReads}},
      {"kernel_log",
       kernel_log,
       {"[ 1.0] Enable PDP operation index 7 ROI 0\n[ 1.2] Completed PDP operation index 7 ROI 0\n"}},
      {"bounds",
       bounds,
       {R"({"schema": "nvdla-bounds/1", "bounds": [{"recordings": "u_*", "total": 1.5}]})"}},
      {"notes",
       notes,
       {R"({"schema": "nvdla-accuracy-notes/1", "explanations": [{"recordings": "u_*", "text": "t"}],
 "dma": [], "not_covered": []})"}},
      {"layers", layers, {R"({"layers": [{"engine": "SDP", "enable_line": 199, "name": "ca"}]})"}},
      {"layer_json",
       layer_json,
       {R"({"schema": "nvdla-network/1", "inputs": [{"name": "x", "shape": [3, 32, 32]}], "layers": [
 {"name": "c", "type": "convolution", "kernels": 8, "window": [3, 5], "stride": 2, "padding": [1, 2], "groups": 1},
 {"name": "r", "type": "relu"}, {"name": "p", "type": "max_pool", "window": 2, "stride": 2, "round_up": true},
 {"name": "l", "type": "lrn", "local_size": 5}, {"name": "f", "type": "fully_connected", "kernels": 10},
 {"name": "s", "type": "softmax"}]})"}},
      {"onnx", onnx, {onnx_seed()}},
      {"loadable", loadable, {}},
      {"array", array, {small_array()}},
      {"chain",
       chain,
       {R"({"schema": "nvdla-chain/1", "input": {"width": 1, "height": 1, "channels": 1}, "layers": [
 {"name": "l", "kernels": 3, "size": 1, "relu": true, "pool": false, "weights": "a.npy", "bias": "a.npy",
  "bias_shift": 0, "scale": 1, "truncate": 0}], "softmax": {"input_scale": 0.1, "output_scale": 0.1}})"}},
      {"configuration",
       configuration,
       {R"({"base": "nv_small", "name": "mine", "atomic_c": 16, "cbuf_entry_bytes": 16, "sdp_lut": false,
 "read_latency_fifo_beats": {"pdp": 32}})"}},
  };
  return all;
}

}  // namespace nvdla::fuzz
