# What the library is linked with, all from Debian: scripts/install-dependencies brings it. The build
# and the installed package both read this file.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(ZLIB)
find_dependency(fmt)
find_dependency(yaml-cpp)
find_dependency(Protobuf)
find_dependency(PkgConfig)
pkg_check_modules(SINAPSE_HIGHWAY REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(SINAPSE_MESSAGE_DIGEST REQUIRED IMPORTED_TARGET libmd)
pkg_check_modules(SINAPSE_IMAGE_FILES REQUIRED IMPORTED_TARGET libpng libjpeg)
pkg_check_modules(SINAPSE_CAIRO REQUIRED IMPORTED_TARGET cairo)

# libonnx is built with this namespace; its headers need to be told.
if(NOT TARGET sinapse::onnx_files)
  find_library(SINAPSE_ONNX_LIBRARY onnx REQUIRED)
  find_library(SINAPSE_ONNX_PROTO_LIBRARY onnx_proto REQUIRED)
  add_library(sinapse::onnx_files INTERFACE IMPORTED)
  target_compile_definitions(sinapse::onnx_files INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
  target_link_libraries(sinapse::onnx_files INTERFACE
    ${SINAPSE_ONNX_LIBRARY} ${SINAPSE_ONNX_PROTO_LIBRARY} protobuf::libprotobuf)
endif()

set(SINAPSE_LIBRARIES
    Threads::Threads ZLIB::ZLIB fmt::fmt yaml-cpp
    PkgConfig::SINAPSE_HIGHWAY PkgConfig::SINAPSE_MESSAGE_DIGEST PkgConfig::SINAPSE_IMAGE_FILES
    PkgConfig::SINAPSE_CAIRO sinapse::onnx_files)
