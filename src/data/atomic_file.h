// Files that are either there as a whole or not at all.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace sinapse {

/// Writes the bytes to a temporary file in the same folder, syncs it, renames it to `path`, and
/// syncs the folder: after a crash either the old or the new file stands there, never a part.
/// A file that is replaced keeps its permissions; a symbolic link is followed; a device or a pipe
/// (/dev/stdout) is written to directly. Throws Error(file) with the path and the system's words;
/// the temporary file is removed then.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// The same for bytes that come piece by piece: `produce` gets a function that takes them. Where it
/// throws, the file is as it was.
using TakeBytes = std::function<void(std::string_view bytes)>;
void write_file_atomically(const std::string& path,
                           const std::function<void(const TakeBytes& take)>& produce);
/// The same for bytes in several pieces, one after the other.
void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces);

}  // namespace sinapse
