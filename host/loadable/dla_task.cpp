// SPDX-License-Identifier: Apache-2.0
// Reads the structures of a DLA task out of the blobs that fill its memory. Sizes and order of the fields are
// those of nvdla/sw's DLA interface.
#include "host/loadable/dla_task.h"

#include "host/loadable/byte_reader.h"
#include "host/text_source.h"

namespace nvdla::host {

namespace {

constexpr std::size_t kNetworkBytes = 40, kOperationBytes = 116, kSurfaceBytes = 644, kDependencyBytes = 36,
                      kLutBytes = 700;
constexpr std::uint8_t kFirstMinorWithOffset = 12;

DlaConverter converter(ByteReader& in) {
  DlaConverter c;
  in.all(c.scale, c.truncate, c.enable, c.offset);
  return c;
}

DlaCube cube(ByteReader& in, bool with_offset) {
  DlaCube c;
  in.all(c.type, c.address);
  if (with_offset) in.get(c.offset);
  in.all(c.size, c.width, c.height, c.channel);
  in.skip(2);
  in.all(c.line_stride, c.surface_stride, c.plane_stride);
  return c;
}

DlaBdma bdma(ByteReader surface) {
  DlaBdma b;
  surface.all(b.source_type, b.destination_type, b.count);
  for (DlaBdma::Transfer& t : b.transfers) {
    surface.all(t.source, t.destination, t.line_size, t.line_repeat, t.source_line, t.destination_line,
                t.surface_repeat, t.source_surface, t.destination_surface);
  }
  return b;
}

DlaConvolution convolution(ByteReader in, ByteReader surface, bool with_offset) {
  DlaConvolution c;
  in.all(c.mode, c.data_reuse, c.weight_reuse, c.skip_data_release, c.skip_weight_release);
  in.skip(1);
  in.all(c.entries_per_slice, c.data_format, c.pixel_mapping, c.fetch_grain);
  in.skip(8);
  in.all(c.batch, c.weight_format, c.data_bank, c.weight_bank, c.batch_stride, c.post_extension,
         c.pixel_override, c.release, c.csc_width, c.csc_height, c.csc_channel, c.kernel_width,
         c.kernel_height, c.kernel_channel, c.cmac_width, c.cmac_height, c.bytes_per_kernel, c.mean_ry,
         c.mean_gu, c.mean_bv, c.mean_ax, c.mean_format, c.stride_x, c.stride_y, c.pad_left, c.pad_right,
         c.pad_top, c.pad_bottom, c.dilation_x, c.dilation_y);
  in.skip(2);
  in.all(c.pra_truncate, c.in_precision, c.out_precision, c.pad_value);
  c.in_converter = converter(in);
  c.out_converter = converter(in);
  for (DlaCube* to : {&c.weight, &c.mask, &c.group_sizes, &c.source, &c.destination})
    *to = cube(surface, with_offset);
  surface.all(c.offset_u, c.line_uv_stride);
  return c;
}

DlaSdpStage sdp_stage(ByteReader& in) {
  DlaSdpStage s;
  in.all(s.enable, s.alu, s.type, s.mode, s.activation, s.shift, s.truncate, s.precision, s.alu_operand,
         s.mul_operand);
  s.alu_converter = converter(in);
  s.mul_converter = converter(in);
  return s;
}

DlaSdp sdp(ByteReader in, ByteReader surface, bool with_offset) {
  DlaSdp s;
  in.all(s.source_precision, s.destination_precision, s.lut);
  s.out_converter = converter(in);
  in.all(s.conv_mode, s.batch);
  in.skip(2);
  in.get(s.batch_stride);
  s.x1 = sdp_stage(in);
  s.x2 = sdp_stage(in);
  s.y = sdp_stage(in);
  for (DlaCube* to : {&s.source, &s.x1_data, &s.x2_data, &s.y_data, &s.destination})
    *to = cube(surface, with_offset);
  return s;
}

DlaPdp pdp(ByteReader in, ByteReader surface, bool with_offset) {
  DlaPdp p;
  in.all(p.in_first, p.in_mid, p.in_last, p.out_first, p.out_mid, p.out_last, p.split, p.mode, p.kernel_width,
         p.kernel_height, p.stride_x, p.stride_y, p.pad_left, p.pad_right, p.pad_top, p.pad_bottom,
         p.precision);
  in.skip(1);
  for (std::int32_t& value : p.padding_values) in.get(value);
  p.source = cube(surface, with_offset);
  p.destination = cube(surface, with_offset);
  return p;
}

DlaCdp cdp(ByteReader in, ByteReader surface, bool with_offset) {
  DlaCdp c;
  in.all(c.in_precision, c.out_precision, c.lut);
  c.in_converter = converter(in);
  c.out_converter = converter(in);
  in.all(c.local_size, c.bypass_square_sum, c.bypass_multiply);
  c.source = cube(surface, with_offset);
  c.destination = cube(surface, with_offset);
  return c;
}

DlaRubik rubik(ByteReader in, ByteReader surface, bool with_offset) {
  DlaRubik r;
  in.all(r.mode, r.precision, r.stride_x, r.stride_y);
  r.source = cube(surface, with_offset);
  r.destination = cube(surface, with_offset);
  return r;
}

DlaLut lut(ByteReader in) {
  DlaLut l;
  for (std::int16_t& value : l.exponent_table) in.get(value);
  for (std::int16_t& value : l.linear_table) in.get(value);
  in.get(l.exponent_offset);
  in.skip(1);
  in.get(l.linear_offset);
  in.skip(1);
  in.all(l.exponent_start, l.exponent_end, l.linear_start, l.linear_end);
  for (DlaLut::Slope* slope :
       {&l.exponent_underflow, &l.exponent_overflow, &l.linear_underflow, &l.linear_overflow}) {
    in.all(slope->scale, slope->shift);
    in.skip(1);
  }
  in.all(l.hybrid_priority, l.underflow_priority, l.overflow_priority, l.method);
  return l;
}

class TaskReader {
 public:
  TaskReader(const Loadable& loadable, std::size_t task)
      : loadable_(loadable), task_(loadable.tasks.at(task)) {
    result_.place = loadable.path + ": task_list[" + std::to_string(task) + "]";
  }

  DlaTask read() {
    network();
    const std::size_t total = std::size_t{result_.regions} * result_.operations;
    for (std::size_t i = 0; i < total; ++i) result_.list.push_back(operation(i));
    check_graph();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw InputError(result_.place + ": " + what); }
  [[noreturn]] void fail(std::size_t operation, const std::string& what) const {
    throw InputError(result_.operation_place(operation) + ": " + what);
  }

  void network() {
    ByteReader in(bytes(0, 0, kNetworkBytes, "network descriptor"));
    std::int16_t reserved = 0, surface_index = 0, roi_array = 0;
    in.all(operations_at_, surfaces_at_, dependencies_at_, luts_at_, roi_array, surface_index,
           result_.statistics, reserved);
    for (std::int16_t& head : result_.heads) in.get(head);
    std::uint16_t luts = 0, addresses = 0;
    std::int16_t input_layer = 0;
    std::uint8_t dynamic = 0;
    in.all(result_.regions, result_.operations, luts, addresses, input_layer, dynamic);
    if (dynamic != 0) fail("asks for dynamic regions of interest, which this driver does not know");
    if (result_.operations == 0) return;
    if (result_.regions == 0) fail("network descriptor: num_rois is 0");
    for (const std::int16_t head : result_.heads) check_operation(head, "network descriptor: op_head");
    for (std::uint16_t i = 0; i < luts; ++i) {
      result_.luts.push_back(
          lut(ByteReader(bytes(luts_at_, std::uint64_t{i} * kLutBytes, kLutBytes, "look-up table"))));
    }
    if (result_.statistics != -1) check_address(result_.statistics, "network descriptor: stat_list_index");
    std::size_t blob = 0;
    bytes(surfaces_at_, 0, kSurfaceBytes, "surfaces", &blob);
    const LoadableVersion version = loadable_.blobs[blob].version;
    if (version.major != 0 || version.minor > kFirstMinorWithOffset) {
      fail("the surfaces are of DLA interface " + std::to_string(version.major) + "." +
           std::to_string(version.minor) + ", known are versions up to 0.12");
    }
    with_offset_ = version.minor >= kFirstMinorWithOffset;
  }

  DlaOperation operation(std::size_t index) {
    DlaOperation result;
    result.index = index % result_.operations;
    ByteReader graph(bytes(dependencies_at_, index * kDependencyBytes, kDependencyBytes, "dependency graph"));
    graph.skip(3);
    graph.all(result.unit, result.dependencies);
    graph.skip(3);
    for (DlaConsumer& consumer : result.consumers) consumer = read_consumer(graph);
    result.fused_parent = read_consumer(graph);

    const ByteReader in(bytes(operations_at_, index * kOperationBytes, kOperationBytes, "operations"));
    const ByteReader surface(bytes(surfaces_at_, index * kSurfaceBytes, kSurfaceBytes, "surfaces"));
    switch (result.unit) {
      case kDlaBdma:
        result.work = bdma(surface);
        break;
      case kDlaConv:
        result.work = convolution(in, surface, with_offset_);
        break;
      case kDlaSdp:
        result.work = sdp(in, surface, with_offset_);
        break;
      case kDlaPdp:
        result.work = pdp(in, surface, with_offset_);
        break;
      case kDlaCdp:
        result.work = cdp(in, surface, with_offset_);
        break;
      case kDlaRubik:
        result.work = rubik(in, surface, with_offset_);
        break;
      default:
        fail(index, "op_type is " + std::to_string(result.unit) + ", known are 0 (BDMA) to 5 (Rubik)");
    }
    return result;
  }

  static DlaConsumer read_consumer(ByteReader& in) {
    DlaConsumer consumer;
    in.get(consumer.index);
    consumer.event = static_cast<DlaEvent>(in.get<std::uint8_t>());
    in.skip(1);
    return consumer;
  }

  // Consumers are of the unit in whose place they stand; a fused parent is of the unit before its child's.
  void check_graph() const {
    for (std::size_t i = 0; i < result_.list.size(); ++i) {
      const DlaOperation& operation = result_.list[i];
      for (std::size_t unit = 0; unit < kDlaUnits; ++unit) {
        check_consumer(i, operation.consumers[unit].index, unit, "consumer");
      }
      check_consumer(i, operation.fused_parent.index, std::size_t{operation.unit} - 1, "fused parent");
    }
    for (std::size_t unit = 0; unit < kDlaUnits; ++unit) {
      const std::int16_t head = result_.heads[unit];
      if (head != -1 && !result_.list.empty() && result_.list[static_cast<std::size_t>(head)].unit != unit) {
        fail("network descriptor: op_head[" + std::to_string(unit) + "] is operation " +
             std::to_string(head) + ", which belongs to another unit");
      }
    }
  }
  void check_consumer(std::size_t operation, std::int16_t index, std::size_t unit,
                      const std::string& what) const {
    if (index == -1) return;
    check_operation(index, "operation " + std::to_string(operation) + ": " + what);
    if (result_.list[static_cast<std::size_t>(index)].unit != unit) {
      fail(operation, what + " " + std::to_string(index) + " belongs to another unit than its place says");
    }
  }
  void check_operation(std::int16_t index, const std::string& what) const {
    if (index < -1 || index >= static_cast<std::int32_t>(result_.operations)) {
      fail(what + " is " + std::to_string(index) + ", but there are " + std::to_string(result_.operations) +
           " operations");
    }
  }
  void check_address(std::int16_t index, const std::string& what) const {
    if (index < 0 || static_cast<std::size_t>(index) >= task_.addresses.size()) {
      fail(what + " is " + std::to_string(index) + ", but the task has " +
           std::to_string(task_.addresses.size()) + " addresses");
    }
  }

  // Bytes of what entry `address` of the address list selects.
  const unsigned char* bytes(std::int16_t address, std::uint64_t offset, std::uint64_t length,
                             const std::string& what, std::size_t* blob = nullptr) const {
    check_address(address, what + ": index of its address");
    const LoadableAddress& at = loadable_.addresses[task_.addresses[static_cast<std::size_t>(address)]];
    const unsigned char* data = loadable_.initial_bytes(at.memory, at.offset + offset, length, blob);
    if (data == nullptr) {
      fail(what + ": memory_list[" + std::to_string(at.memory) + "] holds no contents for bytes " +
           std::to_string(offset) + " to " + std::to_string(offset + length));
    }
    return data;
  }

  const Loadable& loadable_;
  const LoadableTask& task_;
  DlaTask result_;
  std::int16_t operations_at_ = -1, surfaces_at_ = -1, dependencies_at_ = -1, luts_at_ = -1;
  bool with_offset_ = false;
};

}  // namespace

DlaTask parse_dla_task(const Loadable& loadable, std::size_t task) {
  return TaskReader(loadable, task).read();
}

}  // namespace nvdla::host
