#include "data/array_samples.h"

#include "data/array_bytes.h"
#include "data/idx.h"
#include "data/memory_limit.h"
#include "data/npy.h"

namespace sinapse {

namespace {

uint64_t num_elements(const ArrayLayout& layout, const std::string& source) {
  return checked_num_elements(layout.shape, layout.stored_size, source);
}

bool fits(const ArrayLayout& layout, uint64_t memory, const std::string& source) {
  const uint64_t floats = layout.type == ElementType::uint8 ? 0 : sizeof(float);
  const uint64_t taken = num_elements(layout, source) * (size_of(layout.type) + floats);
  return taken <= (memory > 0 ? memory : free_memory() / 2);
}

ArraySamples on_disk(const ArrayLayout& layout, std::shared_ptr<const StoredBytes> bytes,
                     uint64_t offset, const std::string& source) {
  const uint64_t sample =
      num_elements(layout, source) / static_cast<uint64_t>(layout.shape[0]) * size_of(layout.type);
  return {.array = {.type = layout.type, .shape = layout.shape, .bytes = {}},
          .stored = std::make_shared<StoredRecords>(sample, std::move(bytes), offset)};
}

ArraySamples samples_of(const ArrayLayout& layout, ByteStream& stream, const std::string& source,
                        uint64_t memory) {
  if (fits(layout, memory, source)) return {read_elements(layout, stream, source), nullptr};
  return on_disk(layout, store_elements(layout, stream, source), 0, source);
}

}  // namespace

ArraySamples read_npy_samples(ByteStream& stream, const std::string& source, uint64_t memory) {
  return samples_of(read_npy_layout(stream, source), stream, source, memory);
}

ArraySamples read_array_samples(const std::string& path, uint64_t memory) {
  const std::unique_ptr<ByteStream> stream = open_file(path);
  const ArrayLayout layout = read_array_layout(path, *stream);
  const auto behind_header = stream->remaining();  // known of a file that is not packed
  if (!behind_header || !layout.is_as_in_memory() || fits(layout, memory, path))
    return samples_of(layout, *stream, path, memory);
  require_bytes(layout, *behind_header, path);
  auto file = std::make_shared<FileBytes>(path);
  const uint64_t header = file->size() - *behind_header;
  return on_disk(layout, std::move(file), header, path);
}

}  // namespace sinapse
