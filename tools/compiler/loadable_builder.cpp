// SPDX-License-Identifier: Apache-2.0
#include "tools/compiler/loadable_builder.h"

#include <algorithm>
#include <cstring>

#include "loadable_generated.h"

namespace nvdla::tools {

namespace schema = host::schema;

namespace {

// Little-endian fields of a packed structure, one behind the other.
class Bytes {
 public:
  template <typename... T>
  Bytes& put(T... values) {
    (append(values), ...);
    return *this;
  }
  Bytes& skip(std::size_t count) {
    data_.insert(data_.end(), count, 0);
    return *this;
  }
  // Zeros up to `size` bytes from the start.
  Bytes& fill(std::size_t size) {
    data_.resize(size);
    return *this;
  }
  [[nodiscard]] const std::vector<unsigned char>& data() const { return data_; }
  Bytes& append_all(const Bytes& other) {
    data_.insert(data_.end(), other.data_.begin(), other.data_.end());
    return *this;
  }

 private:
  template <typename T>
  void append(T value) {
    if constexpr (std::is_same_v<T, float>) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof(bits));
      append(bits);
    } else {
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        data_.push_back(static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i)));
      }
    }
  }
  std::vector<unsigned char> data_;
};

struct Writer {
  bool with_offset;
  Bytes operation, surface;

  void converter(Bytes& to, const host::DlaConverter& c) { to.put(c.scale, c.truncate, c.enable, c.offset); }
  void cube(const host::DlaCube& c) {
    surface.put(c.type, c.address);
    if (with_offset) surface.put(c.offset);
    surface.put(c.size, c.width, c.height, c.channel).skip(2);
    surface.put(c.line_stride, c.surface_stride, c.plane_stride);
  }

  void operator()(const host::DlaBdma& b) {
    operation.put(b.count).skip(2);
    surface.put(b.source_type, b.destination_type, b.count);
    for (const auto& t : b.transfers) {
      surface.put(t.source, t.destination, t.line_size, t.line_repeat, t.source_line, t.destination_line,
                  t.surface_repeat, t.source_surface, t.destination_surface);
    }
  }
  void operator()(const host::DlaConvolution& c) {
    operation.put(c.mode, c.data_reuse, c.weight_reuse, c.skip_data_release, c.skip_weight_release).skip(1);
    operation.put(c.entries_per_slice, c.data_format, c.pixel_mapping, c.fetch_grain).skip(8);
    operation.put(c.batch, c.weight_format, c.data_bank, c.weight_bank, c.batch_stride, c.post_extension,
                  c.pixel_override, c.release, c.csc_width, c.csc_height, c.csc_channel, c.kernel_width,
                  c.kernel_height, c.kernel_channel, c.cmac_width, c.cmac_height, c.bytes_per_kernel,
                  c.mean_ry, c.mean_gu, c.mean_bv, c.mean_ax, c.mean_format, c.stride_x, c.stride_y,
                  c.pad_left, c.pad_right, c.pad_top, c.pad_bottom, c.dilation_x, c.dilation_y);
    operation.skip(2).put(c.pra_truncate, c.in_precision, c.out_precision, c.pad_value);
    converter(operation, c.in_converter);
    converter(operation, c.out_converter);
    for (const auto* from : {&c.weight, &c.mask, &c.group_sizes, &c.source, &c.destination}) cube(*from);
    surface.put(c.offset_u, c.line_uv_stride);
  }
  void stage(const host::DlaSdpStage& s) {
    operation.put(s.enable, s.alu, s.type, s.mode, s.activation, s.shift, s.truncate, s.precision,
                  s.alu_operand, s.mul_operand);
    converter(operation, s.alu_converter);
    converter(operation, s.mul_converter);
  }
  void operator()(const host::DlaSdp& s) {
    operation.put(s.source_precision, s.destination_precision, s.lut);
    converter(operation, s.out_converter);
    operation.put(s.conv_mode, s.batch).skip(2).put(s.batch_stride);
    stage(s.x1);
    stage(s.x2);
    stage(s.y);
    for (const auto* from : {&s.source, &s.x1_data, &s.x2_data, &s.y_data, &s.destination}) cube(*from);
  }
  void operator()(const host::DlaPdp& p) {
    operation.put(p.in_first, p.in_mid, p.in_last, p.out_first, p.out_mid, p.out_last, p.split, p.mode,
                  p.kernel_width, p.kernel_height, p.stride_x, p.stride_y, p.pad_left, p.pad_right, p.pad_top,
                  p.pad_bottom, p.precision);
    operation.skip(1);
    for (const std::int32_t value : p.padding_values) operation.put(value);
    cube(p.source);
    cube(p.destination);
  }
  void operator()(const host::DlaCdp& c) {
    operation.put(c.in_precision, c.out_precision, c.lut);
    converter(operation, c.in_converter);
    converter(operation, c.out_converter);
    operation.put(c.local_size, c.bypass_square_sum, c.bypass_multiply);
    cube(c.source);
    cube(c.destination);
  }
  void operator()(const host::DlaRubik& r) {
    operation.put(r.mode, r.precision, r.stride_x, r.stride_y);
    cube(r.source);
    cube(r.destination);
  }
};

Bytes lut_bytes(const host::DlaLut& l) {
  Bytes b;
  for (const std::int16_t value : l.exponent_table) b.put(value);
  for (const std::int16_t value : l.linear_table) b.put(value);
  b.put(l.exponent_offset).skip(1).put(l.linear_offset).skip(1);
  b.put(l.exponent_start, l.exponent_end, l.linear_start, l.linear_end);
  for (const auto* slope :
       {&l.exponent_underflow, &l.exponent_overflow, &l.linear_underflow, &l.linear_overflow}) {
    b.put(slope->scale, slope->shift).skip(1);
  }
  return b.put(l.hybrid_priority, l.underflow_priority, l.overflow_priority, l.method);
}

Bytes cpu_buffer(const host::CpuBuffer& c, bool long_layout) {
  Bytes b;
  b.put(c.address);
  if (long_layout) b.put(c.offset);
  const auto format = static_cast<std::uint16_t>(c.format);
  b.put(c.size, static_cast<std::uint16_t>(long_layout || format == 0 ? format : format - 1), c.width,
        c.height, c.channel, c.line_stride, c.surface_stride);
  return b.fill(256);
}

// What is put together: lists of the container.
struct Container {
  schema::LoadableT table;

  std::uint16_t memory(std::uint64_t size, std::uint16_t flags) {
    auto entry = std::make_unique<schema::MemoryT>();
    entry->id = static_cast<std::uint16_t>(table.memories.size());
    entry->flags = flags;
    entry->size = size;
    entry->alignment = 4096;
    auto address = std::make_unique<schema::AddressT>();
    address->id = address->memory_id = entry->id;
    address->size = size;
    table.memories.push_back(std::move(entry));
    table.addresses.push_back(std::move(address));
    return table.memories.back()->id;
  }
  std::uint16_t filled(const std::string& name, const std::vector<unsigned char>& bytes,
                       std::uint32_t interface, std::uint32_t sub_interface, schema::Version version) {
    const std::uint16_t id = memory(bytes.size(), host::kMemoryAllocate | host::kMemorySet);
    table.memories[id]->contents.push_back(name);
    table.memories[id]->offsets.push_back(0);
    auto blob = std::make_unique<schema::BlobT>();
    blob->name = name;
    blob->size = bytes.size();
    blob->interface = interface;
    blob->sub_interface = sub_interface;
    blob->version = std::make_unique<schema::Version>(version);
    blob->data = bytes;
    table.blobs.push_back(std::move(blob));
    return id;
  }
  void task(std::uint32_t interface, std::uint16_t network) {
    auto task = std::make_unique<schema::TaskT>();
    task->id = static_cast<std::uint16_t>(table.tasks.size());
    task->interface = interface;
    task->instance = -1;
    // Entry 0 is the network descriptor; what is behind keeps its number.
    task->addresses.push_back(network);
    for (std::uint16_t i = 1; i < table.addresses.size(); ++i) task->addresses.push_back(i);
    auto submit = std::make_unique<schema::SubmitT>();
    submit->id = task->id;
    submit->tasks.push_back(task->id);
    table.tasks.push_back(std::move(task));
    table.submits.push_back(std::move(submit));
  }
};

}  // namespace

std::int16_t LoadableBuilder::add(Memory memory) {
  memories_.push_back(std::move(memory));
  return static_cast<std::int16_t>(memories_.size());  // entry 0 is the network descriptor
}

std::int16_t LoadableBuilder::memory(std::uint64_t size) {
  Memory m;
  m.size = size;
  return add(std::move(m));
}

std::int16_t LoadableBuilder::contents(const std::vector<unsigned char>& bytes, const std::string& name) {
  Memory m;
  m.size = bytes.size();
  m.flags = host::kMemoryAllocate | host::kMemorySet;
  m.contents = bytes;
  m.name = name;
  return add(std::move(m));
}

std::int16_t LoadableBuilder::input(const host::LoadableTensor& tensor) {
  Memory m;
  m.size = tensor.size;
  m.flags = host::kMemoryAllocate | host::kMemoryInput;
  m.bind_id = inputs_++;
  m.tensor = static_cast<std::uint16_t>(tensors_.size());
  tensors_.push_back(tensor);
  const std::int16_t index = add(std::move(m));
  tensors_.back().memory = static_cast<std::uint16_t>(index);
  return index;
}

std::int16_t LoadableBuilder::output(const host::LoadableTensor& tensor) {
  const std::int16_t index = input(tensor);
  --inputs_;
  Memory& m = memories_.back();
  m.flags = host::kMemoryAllocate | host::kMemoryOutput;
  m.bind_id = outputs_++;
  return index;
}

std::size_t LoadableBuilder::operation(decltype(host::DlaOperation::work) work) {
  host::DlaOperation operation;
  operation.index = operations_.size();
  operation.unit = static_cast<std::uint8_t>(work.index());
  operation.work = std::move(work);
  operations_.push_back(std::move(operation));
  return operations_.size() - 1;
}

void LoadableBuilder::depend(std::size_t consumer, std::size_t producer, host::DlaEvent event) {
  host::DlaConsumer& slot = operations_[producer].consumers[operations_[consumer].unit];
  if (slot.index != -1) throw std::logic_error("a producer has one consumer for each unit");
  slot = {static_cast<std::int16_t>(consumer), event};
  ++operations_[consumer].dependencies;
}

void LoadableBuilder::fuse(std::size_t child, std::size_t parent) {
  depend(child, parent, host::DlaEvent::kProgrammed);
  operations_[child].fused_parent = {static_cast<std::int16_t>(parent), host::DlaEvent::kEnabled};
  ++operations_[parent].dependencies;
}

std::int16_t LoadableBuilder::lut(const host::DlaLut& table) {
  luts_.push_back(table);
  return static_cast<std::int16_t>(luts_.size() - 1);
}

void LoadableBuilder::cpu(const host::CpuOperation& operation, bool long_layout) {
  cpu_.push_back(operation);
  cpu_long_ = long_layout;
}

std::vector<host::DlaOperation> LoadableBuilder::linked() const {
  std::vector<host::DlaOperation> result = operations_;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::uint8_t unit = result[i].unit;
    const auto next = std::find_if(result.begin() + static_cast<std::ptrdiff_t>(i) + 1, result.end(),
                                   [unit](const host::DlaOperation& o) { return o.unit == unit; });
    if (next == result.end() || result[i].consumers[unit].index != -1) continue;
    result[i].consumers[unit] = {static_cast<std::int16_t>(next->index), host::DlaEvent::kProgrammed};
    ++next->dependencies;
  }
  return result;
}

std::vector<unsigned char> LoadableBuilder::build() const {
  Container out;
  out.table.version = std::make_unique<schema::Version>(0, 7, 0);
  const schema::Version dla(0, minor_, 0), cpu(0, 0, 1);
  constexpr std::uint32_t kDla = 1, kCpu = 2;

  // Entry 0 is reserved: tasks put their network descriptor there.
  out.memory(4096, host::kMemoryAllocate);
  for (const Memory& m : memories_) {
    const std::string name = m.name.empty() ? "tb-" + std::to_string(out.table.memories.size()) : m.name;
    const std::uint16_t id = m.contents.empty() ? out.memory(m.size, m.flags)
                                                : out.filled(name, m.contents, 0, 0, schema::Version());
    out.table.memories[id]->bind_id = m.bind_id;
    out.table.memories[id]->tensor_id = m.tensor;
  }
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const host::LoadableTensor& t = tensors_[i];
    auto tensor = std::make_unique<schema::TensorT>();
    tensor->name = t.name;
    tensor->id = static_cast<std::uint16_t>(i);
    tensor->memory_id = t.memory;
    tensor->size = t.size;
    tensor->offset = t.offset;
    tensor->data_format = t.data_format;
    tensor->data_type = static_cast<std::uint8_t>(t.type);
    tensor->data_category = t.category;
    tensor->pixel_format = t.pixel_format;
    tensor->n = t.n;
    tensor->c = t.c;
    tensor->h = t.h;
    tensor->w = t.w;
    tensor->stride_0 = t.element_stride;
    tensor->stride_1 = t.line_stride;
    tensor->stride_2 = t.surface_stride;
    out.table.tensors.push_back(std::move(tensor));
  }

  if (!operations_.empty()) {
    Bytes graph, list, surfaces, tables;
    for (const host::DlaOperation& o : linked()) {
      Writer writer{minor_ >= 12, {}, {}};
      std::visit(writer, o.work);
      list.append_all(writer.operation.fill(116));
      surfaces.append_all(writer.surface.fill(644));
      graph.put(static_cast<std::int16_t>(o.index), std::uint8_t{0}, o.unit, o.dependencies).skip(3);
      for (const host::DlaConsumer& c : o.consumers)
        graph.put(c.index, static_cast<std::uint8_t>(c.event)).skip(1);
      graph.put(o.fused_parent.index, static_cast<std::uint8_t>(o.fused_parent.event)).skip(1);
    }
    for (const host::DlaLut& table : luts_) tables.append_all(lut_bytes(table));
    const auto at_graph =
        static_cast<std::int16_t>(out.filled("task-0-dep_graph", graph.data(), kDla, 2, dla));
    const auto at_list = static_cast<std::int16_t>(out.filled("task-0-op_list", list.data(), kDla, 3, dla));
    const auto at_surfaces =
        static_cast<std::int16_t>(out.filled("task-0-surf_list", surfaces.data(), kDla, 4, dla));
    std::int16_t at_tables = -1;
    if (!luts_.empty()) {
      at_tables = static_cast<std::int16_t>(out.filled("task-0-lut_list", tables.data(), kDla, 5, dla));
    }
    Bytes network;
    network.put(at_list, at_surfaces, at_graph, at_tables, std::int16_t{-1}, std::int16_t{-1}, statistics_,
                std::int16_t{0});
    for (std::uint8_t unit = 0; unit < host::kDlaUnits; ++unit) {
      const auto first = std::find_if(operations_.begin(), operations_.end(),
                                      [unit](const host::DlaOperation& o) { return o.unit == unit; });
      network.put(static_cast<std::int16_t>(first == operations_.end() ? -1 : first - operations_.begin()));
    }
    network.put(std::uint16_t{1}, static_cast<std::uint16_t>(operations_.size()),
                static_cast<std::uint16_t>(luts_.size()),
                static_cast<std::uint16_t>(out.table.addresses.size()), std::int16_t{0}, std::uint16_t{0});
    out.task(kDla, out.filled("task-0-addr0", network.data(), kDla, 1, dla));
  }
  if (!cpu_.empty()) {
    Bytes list, buffers;
    for (const host::CpuOperation& o : cpu_) {
      Bytes operation;
      operation.put(static_cast<std::uint8_t>(o.type));
      if (cpu_long_) operation.skip(3).put(o.input_scale, o.output_scale);
      operation.put(o.power, o.scale, o.shift);
      if (!cpu_long_) operation.skip(3);
      list.append_all(operation);
      buffers.append_all(cpu_buffer(o.source, cpu_long_)).append_all(cpu_buffer(o.destination, cpu_long_));
    }
    const auto at_list = static_cast<std::int16_t>(out.filled("task-1-op_list", list.data(), kCpu, 3, cpu));
    const auto at_buffers =
        static_cast<std::int16_t>(out.filled("task-1-op_buf_list", buffers.data(), kCpu, 4, cpu));
    Bytes network;
    network.put(at_list, at_buffers, static_cast<std::uint16_t>(cpu_.size())).fill(256);
    out.task(kCpu, out.filled("task-1-addr0", network.data(), kCpu, 1, cpu));
  }

  flatbuffers::FlatBufferBuilder fbb;
  fbb.Finish(schema::Loadable::Pack(fbb, &out.table), "NVDA");
  return {fbb.GetBufferPointer(), fbb.GetBufferPointer() + fbb.GetSize()};
}

}  // namespace nvdla::tools
