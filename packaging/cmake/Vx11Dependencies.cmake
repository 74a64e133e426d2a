# Everything the project takes from the system, in one place. packaging/packages.txt lists the Debian packages.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
# Asio and Beast are headers; the macros keep every translation unit on the lean paths.
add_library(vx11_asio INTERFACE)
target_link_libraries(vx11_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(vx11_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_VISIBILITY=0)
add_library(vx11_json INTERFACE)
target_link_libraries(vx11_json INTERFACE Boost::json)
# The codec of Redis' protocol; its own CMake files name no target.
find_path(VX11_HIREDIS_INCLUDE hiredis/read.h REQUIRED)
find_library(VX11_HIREDIS hiredis REQUIRED)
add_library(vx11_hiredis INTERFACE)
target_include_directories(vx11_hiredis SYSTEM INTERFACE "${VX11_HIREDIS_INCLUDE}")
target_link_libraries(vx11_hiredis INTERFACE "${VX11_HIREDIS}")

if(VX11_CONSOLE)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Network Charts Svg DBus)
  find_package(Qt6Keychain REQUIRED)
endif()
if(VX11_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Test)
endif()
