// Arrays of samples that may not fit into memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <sinapse/array.h>

#include "data/byte_stream.h"
#include "data/stored_records.h"

namespace sinapse {

struct ArraySamples {
  Array array;                                  // [samples, ...]; no bytes if they are on disk
  std::shared_ptr<const StoredRecords> stored;  // the samples, if they are on disk
};

/// As read_array(). What takes more than `memory` bytes (0: half of what is free) stays on disk: in
/// that file, if it stands there as it would in memory, else in a temporary one. What are not bytes
/// counts twice, as floats are made of it.
ArraySamples read_array_samples(const std::string& path, uint64_t memory);

/// The same of an NPY file that comes in a stream.
ArraySamples read_npy_samples(ByteStream& stream, const std::string& source, uint64_t memory);

}  // namespace sinapse
