#include "data/image_reader.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/byte_stream.h"
#include "data/decode_image.h"
#include "data/memory_limit.h"
#include "data/nearest.h"
#include "data/spill_file.h"
#include "data/stored_records.h"

namespace sinapse {

namespace {

constexpr size_t kMostLookedAt = 64;   // pictures that decide what is left open
constexpr int64_t kLargestKept = 128;  // a size that all pictures have is kept up to this
constexpr int64_t kUsualSize = 64;
constexpr int64_t kMostSize = 4096;

Image decode_file(const std::string& path, int64_t enough) {
  std::unique_ptr<ByteStream> stream = open_file(path);
  return decode_image(read_all(*stream, path), path, {.enough = enough});
}

// Calls work(i) for i from 0 to count - 1 on all processors; the first exception ends it.
template <class Work>
void on_all_processors(size_t count, Work work) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto take = [&] {
    try {
      for (size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    const size_t processors = std::max(1U, std::thread::hardware_concurrency());
    try {
      for (size_t i = 1; i < std::min(processors, count); ++i) helpers.emplace_back(take);
    } catch (const std::system_error&) {  // no further thread can be had
    }
    take();
  }
  if (failure) std::rethrow_exception(failure);
}

std::vector<Image> some_of(const std::vector<ImageFile>& files) {
  const size_t step = std::max<size_t>(1, files.size() / kMostLookedAt);
  std::vector<Image> images;
  for (size_t i = 0; i < files.size() && images.size() < kMostLookedAt; i += step) {
    try {
      images.push_back(decode_file(files[i].path, 0));
    } catch (const Error&) {  // told when all are read
    }
  }
  return images;
}

int64_t channels_from_name(const std::string& name) {
  if (name == "gray") return 1;
  if (name == "rgb") return 3;
  if (name == "rgba") return 4;
  throw Error(ErrorCode::usage, fmt::format("There are no channels \"{}\".{}", name,
                                            did_you_mean(name, {"auto", "gray", "rgb", "rgba"})));
}

std::vector<int64_t> size_of(const std::vector<Image>& images) {
  const auto same = [&](const Image& image) {
    return image.height == images[0].height && image.width == images[0].width;
  };
  const bool keep = !images.empty() && std::all_of(images.begin(), images.end(), same) &&
                    std::max(images[0].height, images[0].width) <= kLargestKept;
  if (keep) return {images[0].height, images[0].width};
  return {kUsualSize, kUsualSize};
}

void check(const std::vector<int64_t>& size) {
  const bool fits =
      (size.size() == 1 || size.size() == 2) &&
      std::all_of(size.begin(), size.end(), [](int64_t n) { return n >= 1 && n <= kMostSize; });
  if (fits || size.empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("image.size must be one or two numbers, height and width, from 1 to {}.",
                          kMostSize));
}

// What became of one file.
struct Outcome {
  std::optional<Error> error;
};

std::string remark_on(const std::vector<Outcome>& outcomes, size_t skipped) {
  const auto first = std::find_if(outcomes.begin(), outcomes.end(),
                                  [](const Outcome& outcome) { return outcome.error.has_value(); });
  return fmt::format("{} of {} pictures could not be read and are left out; the first: {}", skipped,
                     outcomes.size(), first->error->what());
}

// Where the samples of a data set are kept: in memory, or on disk if there is not enough of it.
class SampleStore {
 public:
  SampleStore(size_t samples, size_t sample_bytes, uint64_t memory) : sample_bytes_(sample_bytes) {
    if (memory == 0) memory = free_memory() / 2;
    if (samples * sample_bytes > memory)
      disk_ = std::make_shared<SpillFile>();
    else
      bytes_.resize(samples * sample_bytes);
  }

  /// Any number of threads may put samples at different places.
  void put(size_t place, std::span<const std::byte> sample) {
    if (disk_)
      disk_->write(place * sample_bytes_, sample);
    else
      std::ranges::copy(sample, at(place));
  }

  void move(size_t from, size_t to) {
    if (!disk_) {
      std::copy_n(at(from), sample_bytes_, at(to));
      return;
    }
    std::vector<std::byte> sample(sample_bytes_);
    disk_->read(from * sample_bytes_, sample);
    put(to, sample);
  }

  /// The first `count` samples.
  void give(size_t count, ArrayDataset& set) {
    set.inputs.shape.insert(set.inputs.shape.begin(), static_cast<int64_t>(count));
    if (disk_) {
      set.stored = std::make_shared<StoredRecords>(sample_bytes_, std::move(disk_));
      return;
    }
    bytes_.resize(count * sample_bytes_);
    set.inputs.bytes = std::move(bytes_);
  }

 private:
  std::vector<std::byte>::iterator at(size_t place) {
    return bytes_.begin() + static_cast<std::ptrdiff_t>(place * sample_bytes_);
  }

  size_t sample_bytes_;
  std::vector<std::byte> bytes_;
  std::shared_ptr<SpillFile> disk_;
};

// Moves the samples that are there to the front; returns how many they are.
size_t leave_out_failures(ArrayDataset& set, SampleStore& store,
                          const std::vector<Outcome>& outcomes) {
  size_t kept = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].error) continue;
    if (kept < i) {
      store.move(i, kept);
      set.labels[kept] = set.labels[i];
      set.names[kept] = std::move(set.names[i]);
    }
    ++kept;
  }
  set.labels.resize(kept);
  set.names.resize(kept);
  return kept;
}

}  // namespace

std::vector<int64_t> ImageShape::sample() const {
  if (channels == 1) return {height, width};
  return {height, width, channels};
}

ImageShape choose_shape(const std::vector<ImageFile>& files, const ImageOptions& options) {
  check(options.size);
  const bool open = options.size.empty() || options.channels == "auto";
  const std::vector<Image> images = open ? some_of(files) : std::vector<Image>{};
  const std::vector<int64_t> size = options.size.empty() ? size_of(images) : options.size;
  const bool gray = std::all_of(images.begin(), images.end(), is_gray);
  const int64_t channels =
      options.channels == "auto" ? (gray ? 1 : 3) : channels_from_name(options.channels);
  return {size.front(), size.back(), channels};
}

ArrayDataset read_images(const std::vector<ImageFile>& files,
                         const std::vector<std::string>& classes, const ImageShape& shape,
                         const ImageOptions& options, std::vector<std::string>& remarks) {
  const ImageFit fit = fit_from_name(options.fit);
  if (options.damaged != "skip" && options.damaged != "error") {
    throw Error(ErrorCode::usage, fmt::format("image.damaged must be skip or error, but is \"{}\".",
                                              options.damaged));
  }
  ArrayDataset set{.inputs = {.type = ElementType::uint8, .shape = shape.sample()},
                   .classes = classes};
  for (const ImageFile& file : files) {
    set.labels.push_back(file.label);
    set.names.push_back(file.path);
  }
  const auto sample_bytes = static_cast<size_t>(shape.height * shape.width * shape.channels);
  SampleStore store(files.size(), sample_bytes, options.memory);
  std::vector<Outcome> outcomes(files.size());
  const auto decoded = [&](size_t i) {
    try {
      const Image image = decode_file(files[i].path, std::max(shape.height, shape.width));
      return fitted(with_channels(image, shape.channels), shape.height, shape.width, fit);
    } catch (const Error& error) {
      outcomes[i].error = error;
    } catch (const std::bad_alloc&) {
      outcomes[i].error = Error(ErrorCode::data, files[i].path + ": it does not fit into memory.");
    }
    return Image{};
  };
  on_all_processors(files.size(), [&](size_t i) {
    const Image image = decoded(i);
    if (!outcomes[i].error) store.put(i, std::as_bytes(std::span(image.pixels)));
  });
  const auto skipped = static_cast<size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.error; }));
  for (const Outcome& outcome : outcomes) {
    if (outcome.error && (options.damaged == "error" || skipped == files.size())) {
      throw Error(*outcome.error);
    }
  }
  if (skipped > 0) remarks.push_back(remark_on(outcomes, skipped));
  store.give(skipped > 0 ? leave_out_failures(set, store, outcomes) : files.size(), set);
  return set;
}

ArrayDataset read_labelled_images(const std::string& path, const std::vector<std::string>& classes,
                                  const ImageShape& shape, const ImageOptions& options,
                                  std::vector<std::string>& remarks) {
  return read_images(labelled_files(path, classes), classes, shape, options, remarks);
}

ImageFolder read_image_folder(const std::string& path, const ImageOptions& options) {
  const ImageFiles files = image_files(path);
  const ImageShape shape = choose_shape(files.train, options);
  std::vector<ImageFile> learned = files.train;
  learned.insert(learned.end(), files.validation.begin(), files.validation.end());
  ImageFolder folder;
  folder.train = read_images(learned, files.classes, shape, options, folder.remarks);
  std::set<std::string> validation;
  for (const ImageFile& file : files.validation) validation.insert(file.path);
  folder.num_validation =
      std::count_if(folder.train.names.begin(), folder.train.names.end(),
                    [&](const std::string& name) { return validation.contains(name); });
  if (!files.test.empty()) {
    folder.test = read_images(files.test, files.classes, shape, options, folder.remarks);
  }
  return folder;
}

}  // namespace sinapse
