// Files that are either there as a whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace sinapse {

/// Writes the bytes to a temporary file in the same folder, syncs it, renames it to `path`, and
/// syncs the folder: after a crash either the old or the new file stands there, never a part.
/// A file that is replaced keeps its permissions; a symbolic link is followed; a device or a pipe
/// (/dev/stdout) is written to directly. Throws Error(file) with the path and the system's words;
/// the temporary file is removed then.
void write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace sinapse
