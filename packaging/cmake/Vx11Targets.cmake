# How every target of the project is made: one INTERFACE target carries language level, warnings and sanitizers, and
# three functions (library, program, test) attach it, so that no folder repeats a flag. A fourth adds tests that are scripts.

add_library(vx11_flags INTERFACE)
target_compile_features(vx11_flags INTERFACE cxx_std_20)
target_compile_options(vx11_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${VX11_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees phantom overflows in inlined std::string and string_view code (GCC bugs 105651, 105329); clang does not.
  target_compile_options(vx11_flags INTERFACE -Wno-restrict -Wno-stringop-overread)
endif()
if(VX11_SANITIZE)
  target_compile_options(vx11_flags INTERFACE -fsanitize=${VX11_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(vx11_flags INTERFACE -fsanitize=${VX11_SANITIZE})
  target_compile_definitions(vx11_flags INTERFACE VX11_SANITIZED)
  if(VX11_SANITIZE MATCHES "undefined")
    target_compile_options(vx11_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
  # Optimising the instrumented code of a test takes clang longer than everything else about it.
  set(VX11_TEST_OPTIONS -O0)
endif()
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" PROPERTY CXX_EXTENSIONS OFF)
set(CMAKE_CXX_EXTENSIONS OFF)

# vx11_library(<name> SOURCES … [DEPS <public libraries> …] [PRIVATE_DEPS …] [QT])
# A folder's library. Headers lie beside their sources and are included as "<folder>/<file>.h" from core/ or ui/.
function(vx11_library name)
  cmake_parse_arguments(arg "QT" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH include_root)
  target_include_directories(${name} PUBLIC "${include_root}")
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS} vx11_flags)
  if(arg_QT)
    vx11_qt_target(${name})
  endif()
endfunction()

# vx11_program(<name> SOURCES … DEPS … [QT])
function(vx11_program name)
  cmake_parse_arguments(arg "QT" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} vx11_flags)
  if(arg_QT)
    vx11_qt_target(${name})
  endif()
endfunction()

# The libraries that link Qt Widgets and so can share the precompiled header of ui/platform (models don't).
set(VX11_WITH_WIDGET_HEADERS "vx11_ui_(platform|widgets|delegates|charts|dialogs|pages|shell)")

# moc on, and Qt's headers as system headers without its keywords and implicit ASCII casts.
function(vx11_qt_target name)
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
    QT_NO_URL_CAST_FROM_STRING QT_NO_CAST_FROM_BYTEARRAY QT_STRICT_ITERATORS)
  if(VX11_PCH AND name MATCHES "^${VX11_WITH_WIDGET_HEADERS}$" AND NOT name STREQUAL "vx11_ui_platform")
    target_precompile_headers(${name} REUSE_FROM vx11_ui_platform)
  endif()
endfunction()

# Where the programs lie that only tests need (packaging/tools.sh unpacks them), and the interpreter of the driver scripts.
set(VX11_TOOLS "${PROJECT_SOURCE_DIR}/build/tools" CACHE PATH "Test-only programs, in its bin/")
set(VX11_TEST_ENVIRONMENT "QT_QPA_PLATFORM=offscreen" "VX11_TOOLS=${VX11_TOOLS}" "VX11_BIN=${CMAKE_BINARY_DIR}/bin"
  # Qt isn't built with the thread sanitizer, which then sees its locks but not what they guard.
  "TSAN_OPTIONS=ignore_noninstrumented_modules=1:external_symbolizer_path=/usr/bin/llvm-symbolizer-14"
  "ASAN_OPTIONS=external_symbolizer_path=/usr/bin/llvm-symbolizer-14:strict_string_checks=1"
  "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/packaging/cmake/leaks.txt:print_suppressions=0"
  "UBSAN_OPTIONS=print_stacktrace=1")
if(VX11_TESTS)
  find_program(VX11_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
endif()

# vx11_test(<name> LABEL unit|ui|integration SOURCES … DEPS … [TIMEOUT seconds])
# One Qt Test program, run by ctest under its name. Windows are offscreen.
function(vx11_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS
    VX11_SOURCE_DIR="${PROJECT_SOURCE_DIR}" VX11_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_compile_options(${name} PRIVATE ${VX11_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} Qt6::Test vx11_flags)
  add_test(NAME ${name} COMMAND ${name})
  vx11_test_properties(${name} "${arg_LABEL}" "${arg_TIMEOUT}")
endfunction()

# vx11_script_test(<name> LABEL unit|ui|integration SCRIPT file.py [ARGS …] [TIMEOUT seconds])
# A Python script that drives whole programs or reads the tree. It finds them by VX11_BIN, the tools by VX11_TOOLS.
function(vx11_script_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT;SCRIPT" "ARGS" ${ARGN})
  add_test(NAME ${name} COMMAND "${VX11_PYTHON}" -B "${CMAKE_CURRENT_SOURCE_DIR}/${arg_SCRIPT}" ${arg_ARGS})
  vx11_test_properties(${name} "${arg_LABEL}" "${arg_TIMEOUT}")
endfunction()

function(vx11_test_properties name label timeout)
  if(NOT timeout)
    set(timeout 60)
  endif()
  set(cost ${timeout})  # the long ones begin, so that none is left alone at the end
  if(VX11_SANITIZE)
    math(EXPR timeout "${timeout} * 4")
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${label}" TIMEOUT ${timeout} COST ${cost} ENVIRONMENT "${VX11_TEST_ENVIRONMENT}")
endfunction()
