// A folder for the files of one test, removed at its end.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include <stdlib.h>
#include <zlib.h>

namespace sinapse {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sinapse-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string path(const std::string& name) const { return path_ / name; }

  /// Writes a file and returns its path.
  std::string file(const std::string& name, std::string_view bytes) const {
    std::ofstream file(path(name), std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    return written(name, file.good());
  }

  /// The same, gzip-compressed.
  std::string gzip_file(const std::string& name, std::string_view bytes) const {
    const gzFile file = gzopen(path(name).c_str(), "wb");
    const auto size = static_cast<unsigned>(bytes.size());
    const bool complete = gzwrite(file, bytes.data(), size) == static_cast<int>(size);
    return written(name, (gzclose(file) == Z_OK) & (complete | bytes.empty()));
  }

 private:
  // A full disk shall not look like a defect of the reader.
  std::string written(const std::string& name, bool complete) const {
    if (!complete) throw std::runtime_error("cannot write " + path(name));
    return path(name);
  }

  std::filesystem::path path_;
};

inline std::string read_back(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace sinapse
