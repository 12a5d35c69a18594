# cmake --install: the library, its headers, the packages that find it (CMake and pkg-config), and the
# program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/sinapse)

install(TARGETS sinapse EXPORT sinapseTargets FILE_SET HEADERS FILE_SET part_headers)
install(EXPORT sinapseTargets NAMESPACE sinapse:: DESTINATION ${package_folder})
if(TARGET sinapse_program)
  install(TARGETS sinapse_program)
endif()

write_basic_package_version_file(sinapseConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/sinapseConfig.cmake cmake/sinapseDependencies.cmake
              ${PROJECT_BINARY_DIR}/sinapseConfigVersion.cmake
        DESTINATION ${package_folder})
file(RELATIVE_PATH PREFIX_FROM_PKGCONFIG
     /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/sinapse.pc.in sinapse.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sinapse.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
