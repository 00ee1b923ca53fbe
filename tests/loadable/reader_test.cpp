// SPDX-License-Identifier: Apache-2.0
// A loadable that the tests' builder writes is read back field by field; broken ones end in an error that
// names the place inside the file.
#include <gmock/gmock.h>

#include "host/loadable/cpu_task.h"
#include "host/loadable/dla_task.h"
#include "host/text_source.h"
#include "loadable_generated.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<unsigned char> small_network(std::uint8_t minor = 12) {
  tools::ChainBuilder chain(preset("nv_full"), Precision::kInt8, 12, 10, 16, minor);
  chain.convolution(24, 3, true, true, false);
  chain.pooling(2, 2, 1);
  chain.normalisation(5);
  chain.elementwise(true);
  chain.copy();
  chain.contraction();
  CpuOperation softmax;
  softmax.type = CpuOperationType::kSoftmax;
  softmax.input_scale = 0.5F;
  softmax.output_scale = 0.25F;
  softmax.source = {2, minor >= 12 ? 4U : 0U, 32, CpuFormat::kInt8, 1, 1, 10, 32, 32};
  softmax.destination = {3, 0, 32, CpuFormat::kInt8, 1, 1, 10, 32, 32};
  chain.builder().cpu(softmax, minor >= 12);
  return chain.finish();
}

Loadable parse(const std::vector<unsigned char>& bytes) {
  return parse_loadable(bytes.data(), bytes.size(), "net");
}

// The container as objects, changed by `change`, and what reading the result says.
template <typename Change>
std::string error_after(Change change, bool tasks_too = false) {
  const std::vector<unsigned char> bytes = small_network();
  auto table = std::unique_ptr<schema::LoadableT>(schema::GetLoadable(bytes.data())->UnPack());
  change(*table);
  flatbuffers::FlatBufferBuilder fbb;
  fbb.Finish(schema::Loadable::Pack(fbb, table.get()));
  return test::thrown_text<InputError>([&] {
    const Loadable loadable = parse_loadable(fbb.GetBufferPointer(), fbb.GetSize(), "net");
    if (!tasks_too) return;
    (void)parse_dla_task(loadable, 0);
    (void)parse_cpu_task(loadable, 1);
  });
}

// Blob of this name.
schema::BlobT& blob(schema::LoadableT& table, const std::string& name) {
  for (auto& entry : table.blobs) {
    if (entry->name == name) return *entry;
  }
  throw std::logic_error("no blob " + name);
}

TEST(LoadableReader, ContainerComesBack) {
  const Loadable loadable = parse(small_network());
  EXPECT_EQ(loadable.version.minor, 7);
  ASSERT_EQ(loadable.tasks.size(), 2U);
  EXPECT_EQ(loadable.tasks[0].interface, TaskInterface::kDla);
  EXPECT_EQ(loadable.tasks[1].interface, TaskInterface::kCpu);
  EXPECT_EQ(loadable.tasks[0].instance, -1);
  EXPECT_EQ(loadable.submits, (std::vector<std::vector<std::uint16_t>>{{0}, {1}}));
  ASSERT_EQ(loadable.inputs().size(), 1U);
  ASSERT_EQ(loadable.outputs().size(), 1U);
  const LoadableTensor& data = loadable.tensors[loadable.memories[loadable.inputs()[0]].tensor];
  EXPECT_EQ(data.name, "data");
  EXPECT_EQ(data.type, TensorType::kInt8);
  EXPECT_EQ(data.c, 16);
  EXPECT_EQ(data.h, 10);
  EXPECT_EQ(data.w, 12);
  EXPECT_EQ(data.line_stride, 12U * 32);
  EXPECT_EQ(data.surface_stride, 12U * 32 * 10);
}

TEST(LoadableReader, DescriptorsComeBackInBothLayouts) {
  for (const std::uint8_t minor : {std::uint8_t{11}, std::uint8_t{12}}) {
    const Loadable loadable = parse(small_network(minor));
    const DlaTask task = parse_dla_task(loadable, 0);
    ASSERT_EQ(task.operations, 7);
    EXPECT_EQ(task.heads, (std::array<std::int16_t, 6>{5, 0, 1, 2, 3, 6}));
    const auto& conv = std::get<DlaConvolution>(task.list[0].work);
    EXPECT_EQ(conv.kernel_width, 3);
    EXPECT_EQ(conv.destination.width, 10);
    EXPECT_EQ(conv.destination.height, 8);
    EXPECT_EQ(conv.destination.type, kDlaHardware);
    EXPECT_EQ(conv.weight.size, 24U * 9 * 16);
    EXPECT_EQ(conv.out_converter.scale, 1);
    EXPECT_EQ(task.list[0].dependencies, 1);  // SDP has to be enabled
    EXPECT_EQ(task.list[0].consumers[kDlaSdp].index, 1);
    EXPECT_EQ(task.list[0].consumers[kDlaSdp].event, DlaEvent::kProgrammed);
    EXPECT_EQ(task.list[1].fused_parent.index, 0);
    const auto& sdp = std::get<DlaSdp>(task.list[1].work);
    EXPECT_EQ(sdp.x1.enable, 1);
    EXPECT_EQ(sdp.x1.activation, 1);
    EXPECT_EQ(sdp.destination.surface_stride, 10U * 32 * 8);
    EXPECT_EQ(std::get<DlaPdp>(task.list[2].work).destination.width, 5);
    EXPECT_EQ(std::get<DlaCdp>(task.list[3].work).local_size, 5);
    EXPECT_EQ(std::get<DlaSdp>(task.list[4].work).lut, 1);
    EXPECT_EQ(std::get<DlaBdma>(task.list[5].work).count, 1);
    EXPECT_EQ(std::get<DlaRubik>(task.list[6].work).stride_x, 1);
    ASSERT_EQ(task.luts.size(), 2U);
    EXPECT_EQ(task.luts[0].linear_table[256], 256);
    EXPECT_EQ(task.luts[0].linear_end, std::uint64_t{1} << 37);
    EXPECT_EQ(task.luts[0].exponent_underflow.scale, -3);
    EXPECT_EQ(task.luts[0].exponent_underflow.shift, 2);
    EXPECT_EQ(task.luts[1].exponent_table[64], -64);
    EXPECT_EQ(task.luts[1].exponent_offset, -2);
    EXPECT_EQ(task.luts[1].method, 1);

    const CpuTask cpu = parse_cpu_task(loadable, 1);
    ASSERT_EQ(cpu.operations.size(), 1U);
    EXPECT_EQ(cpu.operations[0].type, CpuOperationType::kSoftmax);
    EXPECT_EQ(cpu.operations[0].input_scale, minor >= 12 ? 0.5F : 1.0F);
    EXPECT_EQ(cpu.operations[0].source.offset, minor >= 12 ? 4U : 0U);
    EXPECT_EQ(cpu.operations[0].source.address, 2);
    EXPECT_EQ(cpu.operations[0].destination.channel, 10);
    EXPECT_EQ(cpu.operations[0].destination.surface_stride, 32U);
  }
}

TEST(LoadableReader, AlignmentMayStartAtTheEndOfTheFile) {
  // The first compilers left out what would have made the size a multiple of eight.
  std::vector<unsigned char> bytes = small_network();
  ASSERT_EQ(bytes.size() % 8, 0U);
  const std::uint32_t root = flatbuffers::ReadScalar<std::uint32_t>(bytes.data());
  ASSERT_GT(root, 8U);
  bytes.erase(bytes.begin() + 4, bytes.begin() + 8);  // the identifier
  flatbuffers::WriteScalar(bytes.data(), root - 4);
  EXPECT_EQ(parse(bytes).tasks.size(), 2U);
}

TEST(LoadableReader, MissingAndEmptyFiles) {
  EXPECT_THAT(test::thrown_text<InputError>([] { (void)read_loadable("/nonexistent/net.nvdla"); }),
              HasSubstr("/nonexistent/net.nvdla: No such file or directory"));
  EXPECT_THAT(test::thrown_text<InputError>([] { (void)parse({}); }), HasSubstr("net: start: only 0 bytes"));
  EXPECT_THAT(test::thrown_text<InputError>([] { (void)parse(std::vector<unsigned char>(64, 'x')); }),
              HasSubstr("not a compiled network"));
}

TEST(LoadableReader, ErrorsNameThePlace) {
  EXPECT_THAT(error_after([](auto& t) { *t.version = schema::Version(0, 13, 0); }),
              HasSubstr("net: version: is 0.13"));
  EXPECT_THAT(error_after([](auto& t) { t.memories.clear(); }), HasSubstr("memory_list: is empty"));
  EXPECT_THAT(error_after([](auto& t) { t.tasks.clear(); }), HasSubstr("task_list: is empty"));
  EXPECT_THAT(error_after([](auto& t) { t.submits.clear(); }), HasSubstr("submit_list: is empty"));
  EXPECT_THAT(error_after([](auto& t) { t.tasks[1]->interface = 7; }),
              HasSubstr("task_list[1].interface: is 7"));
  EXPECT_THAT(error_after([](auto& t) { t.tasks[0]->addresses[3] = 999; }),
              HasSubstr("task_list[0].address_list[3]: is 999, but address_list has"));
  EXPECT_THAT(error_after([](auto& t) { t.submits[1]->tasks[0] = 2; }),
              HasSubstr("submit_list[1].task_id: is 2"));
  EXPECT_THAT(error_after([](auto& t) { t.addresses[2]->memory_id = 500; }),
              HasSubstr("address_list[2].mem_id: is 500"));
  EXPECT_THAT(error_after([](auto& t) { t.addresses[2]->offset = ~0ULL; }), HasSubstr("address_list[2]:"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[2]->contents[0] = "gone"; }),
              HasSubstr("memory_list[2].contents[0]: no blob is named 'gone'"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[2]->offsets[0] = ~0ULL - 3; }),
              HasSubstr("memory_list[2].offsets[0]:"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[2]->offsets.clear(); }),
              HasSubstr("memory_list[2]: 1 contents but 0 offsets"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[2]->size = ~0ULL; }), HasSubstr("memory_list[2].size:"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[2]->alignment = 3; }),
              HasSubstr("memory_list[2].alignment:"));
  EXPECT_THAT(error_after([](auto& t) { t.blobs[0]->size = 1ULL << 40; }), HasSubstr("blobs[0].size:"));
  EXPECT_THAT(error_after([](auto& t) { t.tensors[0]->size = 1 << 30; }), HasSubstr("tensor_desc_list[0]:"));
  EXPECT_THAT(error_after([](auto& t) { t.tensors[0]->c = -5; }), HasSubstr("a dimension is -5"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[1]->bind_id = 4; }),
              HasSubstr("memory_list[1].bind_id: is 4"));
  EXPECT_THAT(error_after([](auto& t) { t.memories[1]->tensor_id = 9; }),
              HasSubstr("memory_list[1].tensor_desc_id: is 9"));
}

TEST(LoadableReader, ErrorsInsideOfTasksNameTheOperation) {
  const auto graph = [](auto& t) -> std::vector<unsigned char>& { return blob(t, "task-0-dep_graph").data; };
  EXPECT_THAT(error_after([&](auto& t) { graph(t)[3] = 6; }, true),
              HasSubstr("task_list[0] operation 0: op_type is 6"));
  EXPECT_THAT(error_after([&](auto& t) { graph(t)[36 + 8] = 99, graph(t)[36 + 9] = 0; }, true),
              HasSubstr("task_list[0]: operation 1: consumer is 99"));
  EXPECT_THAT(error_after([&](auto& t) { graph(t)[8] = 2, graph(t)[9] = 0; }, true),
              HasSubstr("operation 0: consumer 2 belongs to another unit"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-0-addr0").data[16] = 50; }, true),
              HasSubstr("op_head is 50"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-0-addr0").data[0] = 90; }, true),
              HasSubstr("operations: index of its address is 90"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-0-addr0").data[30] = 200; }, true),
              HasSubstr("holds no contents for bytes"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-0-addr0").data[38] = 1; }, true),
              HasSubstr("dynamic regions"));
  EXPECT_THAT(
      error_after([](auto& t) { *blob(t, "task-0-surf_list").version = schema::Version(0, 13, 0); }, true),
      HasSubstr("DLA interface 0.13"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-1-op_list").data[0] = 2; }, true),
              HasSubstr("task_list[1]: operation 0 is of type 2"));
  EXPECT_THAT(error_after([](auto& t) { blob(t, "task-1-op_buf_list").data[0] = 0xff; }, true),
              HasSubstr("operation 0 source: address is"));
}

// Every prefix is refused or, where only the end of some blob is missing, says so; none is read as a whole.
TEST(LoadableReader, TruncationsAreErrors) {
  const std::vector<unsigned char> bytes = small_network();
  for (std::size_t size = 0; size < bytes.size(); size += size < 4096 ? 1 : 61) {
    const std::vector<unsigned char> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(test::thrown_text<InputError>([&] { (void)parse(cut); }), StartsWith("net: ")) << size;
  }
}

// Tables and vectors can be shared: a small file must not describe a large network.
TEST(LoadableReader, SharedDataDoNotMultiply) {
  flatbuffers::FlatBufferBuilder fbb;
  const auto data = fbb.CreateVector(std::vector<std::uint8_t>(100'000, 1));
  std::vector<flatbuffers::Offset<schema::Blob>> blobs(
      60'000, schema::CreateBlob(fbb, 0, 100'000, 0, 0, nullptr, data));
  const auto list = fbb.CreateVector(blobs);
  const schema::Version version(0, 7, 0);
  schema::LoadableBuilder root(fbb);
  root.add_version(&version);
  root.add_blobs(list);
  fbb.Finish(root.Finish());
  EXPECT_THAT(test::thrown_text<InputError>(
                  [&] { (void)parse_loadable(fbb.GetBufferPointer(), fbb.GetSize(), "net"); }),
              HasSubstr("describe more bytes than the file has"));
}

}  // namespace
}  // namespace nvdla::host
